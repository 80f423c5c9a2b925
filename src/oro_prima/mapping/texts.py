"""Texts and addresses as Prima's fields hold them: nothing is cut, no name is altered."""

from __future__ import annotations

import textwrap

from oro_prima.mapping.policy import AddressPolicy, OrderPolicy, Overflow
from oro_prima.oro.models.orders import OrderAddress
from oro_prima.outcome import Mapped, Outcome, Unmapped, every, reasons_of, then, unmapped
from oro_prima.prima.models.charset import fit_text
from oro_prima.prima.models.orders import Party
from oro_prima.prima.models.profile import PrimaProfile
from oro_prima.reasons import Reason, ReasonCode

_BLANK = Mapped("")
_NO_LINES = Mapped[tuple[str, ...]](())


def fitted(text: str | None, *, subject: str, profile: PrimaProfile) -> Outcome[str]:
    """Fit a name or a reference: every character must be writable, the whole within its field."""
    if not text:
        return _BLANK
    fit = fit_text(text, charset=profile.charset)
    if fit.unwritable:
        return unmapped(ReasonCode.TEXT_NOT_WRITABLE, subject, ", ".join(fit.unwritable[:5]))
    if len(fit.text) > profile.text_width:
        detail = f"{len(fit.text)} characters; the field takes {profile.text_width}"
        return unmapped(ReasonCode.TEXT_TOO_LONG, subject, detail)
    return Mapped(fit.text)


def note_text(text: str | None, *, profile: PrimaProfile) -> str:
    """Fit a note: what cannot be written becomes `?`, what is too long is cut."""
    if not text:
        return ""
    return fit_text(text, charset=profile.charset, note=True).text[: profile.note_width]


def note_changed(text: str | None, *, subject: str, profile: PrimaProfile) -> tuple[Reason, ...]:
    """Return a warning where `note_text` replaced or cut something."""
    if not text:
        return ()
    fit = fit_text(text, charset=profile.charset, note=True)
    if fit.replaced:
        return (Reason(ReasonCode.TEXT_CHANGED, subject, "characters were replaced by ?"),)
    if len(fit.text) > profile.note_width:
        return (Reason(ReasonCode.TEXT_CHANGED, subject, f"cut at {profile.note_width}"),)
    return ()


def place(address: OrderAddress | None) -> tuple[str, ...]:
    """Return what an address says, trimmed; its id and label say nothing. Empty for none."""
    if address is None:
        return ()
    parts = (
        address.organization,
        address.first_name,
        address.last_name,
        address.street,
        address.street2,
        address.city,
        address.custom_region or address.region,
        address.postal_code,
        address.country,
        address.phone,
    )
    return tuple((part or "").strip() for part in parts)


def map_party(address: OrderAddress, *, subject: str, policy: OrderPolicy) -> Outcome[Party]:
    """
    Map an address: organisation, street, street2, city, region into six lines of 35.

    Blanks are dropped, a long part wraps between words, nothing is cut; what does not fit is
    refused. Every fault of it at once.
    """
    names = (address.first_name, address.last_name, address.phone)
    contact = names if policy.send_contact else ("", "", "")
    texts = (*contact, address.postal_code, address.country)
    missing = _missing_postcode(address, subject, policy.addresses)
    fields = ("first_name", "last_name", "phone", "postal_code", "country")
    singles = [
        fitted(text, subject=f"{subject}/{name}", profile=policy.profile)
        for name, text in zip(fields, texts, strict=True)
    ]
    lines = _lines(address, subject=subject, policy=policy)
    rest = every(singles)
    if missing or isinstance(lines, Unmapped) or isinstance(rest, Unmapped):
        return Unmapped(missing + reasons_of(lines) + reasons_of(rest))
    forename, surname, phone, postcode, country = rest.value
    return Mapped(Party(forename, surname, lines.value, postcode, country, phone=phone))


def not_served(address: OrderAddress, *, subject: str, policy: AddressPolicy) -> tuple[Reason, ...]:
    """Return a reason where a ship-to is in a country that is not served."""
    if not policy.countries or address.country in policy.countries:
        return ()
    detail = f"country {address.country or 'not named'}"
    return (Reason(ReasonCode.COUNTRY_NOT_SERVED, f"{subject}/country", detail),)


def _missing_postcode(
    address: OrderAddress, subject: str, policy: AddressPolicy
) -> tuple[Reason, ...]:
    if address.country not in policy.postcode_countries or (address.postal_code or "").strip():
        return ()
    detail = f"no postcode, and an address in {address.country} needs one"
    return (Reason(ReasonCode.POSTCODE_MISSING, f"{subject}/postal_code", detail),)


def _lines(address: OrderAddress, *, subject: str, policy: OrderPolicy) -> Outcome[tuple[str, ...]]:
    parts = (
        ("organization", address.organization),
        ("street", address.street),
        ("street2", address.street2),
        ("city", address.city),
        ("region", _region(address)),
    )
    wrapped = every(
        _wrapped(text, subject=f"{subject}/{name}", profile=policy.profile) for name, text in parts
    )
    return then(wrapped, lambda found: _joined(found, subject=subject, policy=policy))


def _joined(
    parts: tuple[tuple[str, ...], ...], *, subject: str, policy: OrderPolicy
) -> Outcome[tuple[str, ...]]:
    profile = policy.profile
    lines = tuple(line for part in parts for line in part)
    if len(lines) > profile.address_lines and policy.addresses.overflow is Overflow.JOIN:
        lines = _behind_each_other(lines, profile.address_width)
    if len(lines) > profile.address_lines:
        detail = f"{len(lines)} lines of {profile.address_width} characters"
        return unmapped(ReasonCode.ADDRESS_TOO_LONG, subject, detail)
    return Mapped(lines)


def _behind_each_other(lines: tuple[str, ...], width: int) -> tuple[str, ...]:
    """
    Write short lines behind each other, in their order; nothing is cut or left out.

    >>> _behind_each_other(("Unit 4", "1 Sample Street", "Sampleton"), 24)
    ('Unit 4, 1 Sample Street', 'Sampleton')
    """
    found: list[str] = []
    for line in lines:
        if found and len(found[-1]) + len(line) + 2 <= width:
            found[-1] = f"{found[-1]}, {line}"
        else:
            found.append(line)
    return tuple(found)


def _wrapped(text: str | None, *, subject: str, profile: PrimaProfile) -> Outcome[tuple[str, ...]]:
    if not text:
        return _NO_LINES
    fit = fit_text(text, charset=profile.charset)
    if fit.unwritable:
        return unmapped(ReasonCode.TEXT_NOT_WRITABLE, subject, ", ".join(fit.unwritable[:5]))
    if 0 < len(fit.text) <= profile.address_width:
        return Mapped((fit.text,))
    lines = textwrap.wrap(
        fit.text, profile.address_width, break_long_words=False, break_on_hyphens=False
    )
    if any(len(line) > profile.address_width for line in lines):
        detail = f"a word longer than {profile.address_width} characters"
        return unmapped(ReasonCode.ADDRESS_TOO_LONG, subject, detail)
    return Mapped(tuple(lines))


def _region(address: OrderAddress) -> str | None:
    """Return the region as a person wrote it, else the last part of its code (`GB-LND`)."""
    if address.custom_region:
        return address.custom_region
    return address.region.rpartition("-")[2] if address.region else None
