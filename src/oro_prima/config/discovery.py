"""What a WSDL says, as tables of a configuration in which every setting tells where it is from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from enum import StrEnum

from attrs import frozen

from oro_prima.config.setting import Setting
from oro_prima.config.settings import settings_of
from oro_prima.converters import is_list, is_object
from oro_prima.prima.calls.wsdl import ServiceDescription

_FROM_WSDL = ("style", "namespace", "xml_part", "company_part", "company_first", "soap_action")


class Source(StrEnum):
    """Where the value of a setting is from."""

    WSDL = "WSDL"
    DEFAULT = "default"
    YOU = "you"


@frozen
class Sourced:
    """
    One setting with its value as TOML writes it, and where that is from.

    `offered` is what the WSDL says where you say something else; yours is kept.
    """

    setting: Setting
    value: str
    source: Source
    offered: str = ""


def discovered(
    description: ServiceDescription, *, own: Mapping[str, object], url: str
) -> tuple[Sourced, ...]:
    """
    Return every setting of `prima` and `prima.profile` with its value and its source.

    Args:
        description: What the WSDL says.
        own: Your `prima` table, `profile` inside it; what stands there wins.
        url: The address that is posted to; that of the WSDL only where you name none.
    """
    profile = own.get("profile", {})
    yours_of_profile = profile if is_object(profile) else {}
    company = yours_of_profile.get("with_company") is True
    tables = (
        ("prima", own, {"url": toml_value(url)}),
        ("prima.profile", yours_of_profile, _told(description, with_company=company)),
    )
    return tuple(
        _sourced(setting, yours, told)
        for section, yours, told in tables
        for setting in settings_of(section).values()
    )


def write_discovered(settings: tuple[Sourced, ...], *, remarks: tuple[str, ...] = ()) -> str:
    """Write the tables, a comment with source and meaning beside each setting."""
    lines = ["# Read from the WSDL of a running Prima. Source of each value: WSDL, default, you."]
    lines += [f"# {remark}" for remark in remarks]
    section = ""
    for one in settings:
        if one.setting.section != section:
            section = one.setting.section
            lines += ["", f"[{section}]"]
        lines.append(_line(one))
    return "\n".join(lines) + "\n"


def remarks_on(description: ServiceDescription, *, url: str) -> tuple[str, ...]:
    """Say what a person should know of a WSDL besides the settings."""
    remarks: list[str] = []
    if description.address and description.address != url:
        remarks.append(f"The WSDL names the address {_plain(description.address)}; yours is kept.")
    if description.company_part is None:
        remarks.append("comwsomhandler is not offered: only the default company can be reached.")
    if description.others:
        remarks.append(f"Operations that are not used: {_plain(', '.join(description.others))}.")
    if len(description.outputs) > 1:
        names = _plain(", ".join(description.outputs))
        remarks.append(f"The answer has the parts {names}; the one that holds XML is read.")
    return tuple(remarks)


def toml_value(value: object) -> str:
    """
    Write a value as TOML does.

    >>> toml_value([["Data", "Season", "AW"], True, 3])
    '[["Data", "Season", "AW"], true, 3]'
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_list(value):
        return f"[{', '.join(toml_value(one) for one in value)}]"
    if is_object(value):
        inside = ", ".join(f"{json.dumps(k)} = {toml_value(one)}" for k, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else str(value)


def _told(description: ServiceDescription, *, with_company: bool) -> dict[str, str]:
    values: dict[str, object] = {name: getattr(description, name) for name in _FROM_WSDL}
    if with_company and description.company_action is not None:
        values["soap_action"] = description.company_action
    return {name: toml_value(value) for name, value in values.items() if value is not None}


def _sourced(setting: Setting, own: Mapping[str, object], told: Mapping[str, str]) -> Sourced:
    offered = told.get(setting.name, "")
    if setting.name in own:
        value = toml_value(own[setting.name])
        return Sourced(setting, value, Source.YOU, "" if value == offered else offered)
    if offered:
        return Sourced(setting, offered, Source.WSDL)
    return Sourced(setting, setting.default, Source.DEFAULT)


def _line(one: Sourced) -> str:
    source = one.source.value + (f"; the WSDL says {one.offered}" if one.offered else "")
    comment = f"   # {source}. {one.setting.meaning}"
    if one.setting.secret:
        own = f'{{ env = "PRIMA_{one.setting.name.upper()}" }}'
        shown = one.value if one.value.startswith("{") else own
        unset = "" if one.source is Source.YOU else "# "
        return f"{unset}{one.setting.name} = {shown}{comment}"
    return f"{one.setting.name} = {one.value}{comment}"


def _plain(text: str) -> str:
    """Show a text of somebody else's on one line, letters and marks of ASCII alone."""
    return "".join(char if " " <= char <= "~" else "?" for char in text)[:200]
