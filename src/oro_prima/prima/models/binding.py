"""
How a profile reaches a capability: by data alone. Nothing in a binding can execute.

A request template holds texts with `{parameter}` in them, put in once and not looked at again.
A field says where its text stands: `@Price`, `Sku/@Barcode`, `../@Currency`, `Name` for the text
of an element, or `=GBP` for a text that is always the same. In a CSV file it is a column's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from attrs import field, frozen

from oro_prima.errors import ConfigError
from oro_prima.prima.models.capabilities import LINES_NEEDED, SHAPES, Capability, Wanted

Texts = tuple[tuple[str, str], ...]
"""Pairs of texts, in their order."""


@frozen
class Formats:
    """How texts of an answer are read: strptime form of dates, the decimal sign, words of flags."""

    date: str = "%d/%m/%Y"
    decimal: str = "."
    yes: frozenset[str] = frozenset({"yes", "true", "1", "y"})
    no: frozenset[str] = frozenset({"no", "false", "0", "n", ""})


@frozen
class RecordMap:
    """
    Where records stand, and where in one of them each field does.

    Attributes:
        items: Path of the elements from the root on; blank in a CSV file, whose rows are the items.
        fields: (field, place).
        line_items: Path of the lines below an item; blank where the item's own row is its line.
        lines: (field of a line, place); empty where lines are not given.
        codes: (field, ((their code, ours), …)); a code that is not in a table is a fault.
    """

    items: str = ""
    fields: Texts = ()
    line_items: str = ""
    lines: Texts = ()
    codes: tuple[tuple[str, Texts], ...] = ()
    formats: Formats = field(factory=Formats)


@frozen
class SoapBinding:
    """
    Reached by a request of its own.

    Attributes:
        request_type: Prima's word, from the customer's schema; a name with X is the sandbox's.
        request: Attributes of `Data`.
        each: Element inside `Data` for each member of a list, and its attributes.
        operation: Of the web service; blank for the one that the profile calls. The company goes
            with `comwsomhandler` alone.
    """

    request_type: str
    mapping: RecordMap
    request: Texts = ()
    each_element: str = ""
    each: Texts = ()
    each_size: int = 50
    operation: str = ""


@frozen
class FileBinding:
    """
    Reached by files in a directory.

    Attributes:
        directory, pattern: Where they arrive, and the names that count, such as `prices-*.csv`.
        xml: Whether they are XML; CSV otherwise.
        encoding, delimiter: How the bytes of a CSV file are read; XML is read by its bytes.
        latest: Read the last file by name and leave it; otherwise each file is taken once.
        quiet: Seconds that a file must have been left alone before it counts as whole.
        marker: Ending of a second file that says the first is whole, such as `.done`; blank: none.
    """

    directory: str
    mapping: RecordMap
    pattern: str = "*.csv"
    xml: bool = False
    encoding: str = "utf-8-sig"
    delimiter: str = ","
    latest: bool = False
    quiet: int = 10
    marker: str = ""


Binding = SoapBinding | FileBinding
Bindings = tuple[tuple[Capability, Binding], ...]


def binding_of(bindings: Bindings, capability: Capability) -> Binding:
    """
    Return how a capability is reached.

    Raises:
        ConfigError: It is unbound; the message says so in the words of reports.
    """
    for known, binding in bindings:
        if known is capability:
            return binding
    fault = f"not available: {capability.value} is unbound (prima.capabilities.{capability.value})"
    raise ConfigError((fault,))


def filled(template: str, values: Mapping[str, str]) -> str:
    """
    Put parameters into a text; what is put in is not looked at again.

    >>> filled("{first}-{last}", {"first": "{last}", "last": "Z"})
    '{last}-Z'
    """
    return _PLACE.sub(lambda found: values.get(found[1], ""), template)


def binding_faults(capability: Capability, binding: Binding) -> tuple[str, ...]:
    """Return what keeps a binding from giving what the flows need; empty where nothing does."""
    shape, where = SHAPES[capability], f"prima.capabilities.{capability.value}"
    mapping = binding.mapping
    faults = [
        *_field_faults(mapping.fields, shape.fields, f"{where}.fields"),
        *_field_faults(
            mapping.lines, shape.lines, f"{where}.lines.fields", any_=bool(mapping.lines)
        ),
        *_code_faults(mapping, {**shape.lines, **shape.fields}, where),
        *_format_faults(mapping.formats, where),
    ]
    if capability in LINES_NEEDED and not mapping.lines:
        faults.append(f"{where}.lines: required")
    if isinstance(binding, SoapBinding):
        faults += _soap_faults(binding, (*shape.parameters, *shape.many), where)
    else:
        faults += _file_faults(binding, where)
        if capability is Capability.DESPATCH and "order_number" not in dict(mapping.fields):
            faults.append(f"{where}.fields.order_number: required, for a file names many orders")
    return tuple(faults)


_PLACE = re.compile(r"\{([a-z_0-9]+)\}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_STEP = r"(?:\.\.|[A-Za-z_][A-Za-z0-9_.-]*)"
_PATH = re.compile(rf"{_STEP}(?:/{_STEP})*")
_XML_PLACE = re.compile(rf"=.*|\.|(?:{_STEP}/)*@?[A-Za-z_][A-Za-z0-9_.-]*", re.DOTALL)


def _field_faults(
    given: Texts, wanted: Mapping[str, Wanted], where: str, *, any_: bool = True
) -> Iterator[str]:
    known = dict(given)
    yield from (f"{where}.{name}: unknown field" for name in known if name not in wanted)
    yield from (f"{where}.{name}: blank" for name, place in given if not place.strip())
    if any_:
        needed = (name for name, one in wanted.items() if one.bound and name not in known)
        yield from (f"{where}.{name}: required" for name in needed)


def _code_faults(mapping: RecordMap, known: Mapping[str, Wanted], where: str) -> Iterator[str]:
    for name, _table in mapping.codes:
        if name not in known:
            yield f"{where}.codes.{name}: unknown field"


def _format_faults(formats: Formats, where: str) -> Iterator[str]:
    if formats.decimal not in (".", ","):
        yield f"{where}.formats.decimal: expected . or ,"
    if not all(part in formats.date for part in ("%d", "%m")) or "%" not in formats.date:
        yield f"{where}.formats.date: expected a form such as %d/%m/%Y"
    if formats.yes & formats.no:
        yield f"{where}.formats: a word means both yes and no"


def _soap_faults(binding: SoapBinding, parameters: tuple[str, ...], where: str) -> Iterator[str]:
    names = [binding.request_type, *(name for name, _ in (*binding.request, *binding.each))]
    if binding.each:
        names.append(binding.each_element)
    if binding.operation:
        names.append(binding.operation)
    yield from (f"{where}: {n[:40]!a} is no name of XML" for n in names if not _NAME.fullmatch(n))
    for name, text in (*binding.request, *binding.each):
        used = set(_PLACE.findall(text))
        if (
            not used <= set(parameters)
            or "{" in _PLACE.sub("", text)
            or "}" in _PLACE.sub("", text)
        ):
            known = ", ".join(f"{{{one}}}" for one in parameters)
            yield f"{where}.request.{name}: only {known} can be put in"
    yield from _path_faults(binding.mapping, where)


def _path_faults(mapping: RecordMap, where: str) -> Iterator[str]:
    if not _PATH.fullmatch(mapping.items):
        yield f"{where}.items: expected a path such as Data/Despatch"
    if mapping.lines and not _PATH.fullmatch(mapping.line_items):
        yield f"{where}.lines.items: expected a path such as DespatchLine"
    for name, place in (*mapping.fields, *mapping.lines):
        if not _XML_PLACE.fullmatch(place):
            yield f"{where}.fields.{name}: expected a place such as @Price or ../@Currency"


def _file_faults(binding: FileBinding, where: str) -> Iterator[str]:
    if not binding.directory.strip():
        yield f"{where}.directory: required"
    if "/" in binding.pattern or "\\" in binding.pattern or not binding.pattern.strip():
        yield f"{where}.pattern: expected names such as prices-*.csv"
    if len(binding.delimiter) != 1:
        yield f"{where}.delimiter: expected one character"
    if "/" in binding.marker:
        yield f"{where}.marker: expected an ending such as .done"
    if binding.xml:
        yield from _path_faults(binding.mapping, where)
