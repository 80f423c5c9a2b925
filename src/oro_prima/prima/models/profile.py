"""What a Prima deployment is like: names, formats, codes. Nothing here is the business's choice."""

from __future__ import annotations

import re
from enum import StrEnum

from attrs import frozen

from oro_prima.errors import ConfigError


class Style(StrEnum):
    """How the web service wraps its strings; read it from the deployment's WSDL."""

    RPC_LITERAL = "rpc-literal"
    RPC_ENCODED = "rpc-encoded"
    DOC_LITERAL = "doc-literal"


class CharsetPolicy(StrEnum):
    """What happens to a character outside ISO-8859-1."""

    TRANSLITERATE = "transliterate"
    REJECT = "reject"


class CodeClass(StrEnum):
    """What kind of refusal an error code of Prima is; the first that applies decides."""

    MALFORMED = "malformed"
    """Prima could not parse the request, which is our fault."""
    DUPLICATE = "duplicate"
    """An order of that number exists."""
    PRICE_BASIS = "price-basis"
    """Order and price book disagree on VAT."""
    ACCOUNT = "account"
    """Something about the account, such as on stop."""
    GOODS = "goods"
    """Something about a product or its codes."""
    BUSINESS = "business"
    """Any other refusal."""
    BUSY = "busy"
    """It may pass by itself; only where every code says so."""
    FOLLOW_ON = "follow-on"
    """The general code 194, which follows from another."""


class OrderRequest(StrEnum):
    """Which request type takes an order; only the first is evidenced with its answers."""

    MULTI_NEW_ORDER = "MultiNewOrder"
    NEW_ORDER = "NewOrder"


@frozen
class PrimaProfile:
    """
    One deployment of Prima.

    Attributes:
        style: Wrapping of the two operations; inferred, taken from the WSDL.
        namespace: Namespace of the operations; inferred.
        xml_part: Name of the input part that carries the request; to be asked.
        company_part: Name of the input part that carries the company; to be asked.
        company_first: Whether the company part comes before the XML part.
        soap_action: The SOAPAction header; blank is evidenced.
        with_company: Send `comwsomhandler` with the company instead of `wsomhandler`.
        date_format: strftime form of dates that are written; inferred from answers.
        order_digits: Most digits of an order number.
        order_ceiling: Largest order number; inferred.
        address_lines: Lines of an address.
        address_width: Characters of an address line; to be asked.
        note_width: Characters of a note; to be asked.
        text_width: Characters of a reference or a name; to be asked.
        widths: Characters of single attributes, as (name or element/name, characters).
        required: Attributes that may not be blank, by name or element/name.
        cut: Attributes besides notes that may be cut.
        values: Tables of codes, as (name or element/name, ((text, Prima's code), …)).
        charset: What happens to characters outside ISO-8859-1.
        absent_codes: Codes that truly mean "no such order". None is evidenced: empty.
        unavailable_codes: Numbers of SOAP faults that mean "nothing was done, come again".
        appserver_down_is_unknown: Whether fault 8234 after sending an order leaves it in doubt.
        duplicate_codes, price_basis_codes, malformed_codes: Error codes of those classes.
        busy_codes: Error codes of refusals that may pass by themselves.
        codes: Further error codes of this deployment, as (code, class, meaning).
        order_request: Request type that takes an order; answers of `NewOrder` are not evidenced.
        multi_size: SKUs in one `MultiAvailableToSell`.
        horizon_days: A next-available date further off than this counts as none.
        extras: Attributes to add, as (element, attribute, value); none that identifies an order.

    Raises:
        ConfigError: A name cannot be written in XML or in a header field, or an extra is refused.
    """

    style: Style = Style.RPC_LITERAL
    namespace: str = "urn:omlink:omlink"
    xml_part: str = "RequestXML"
    company_part: str = "Company"
    company_first: bool = True
    soap_action: str = ""
    with_company: bool = False
    date_format: str = "%d/%m/%Y"
    order_digits: int = 9
    order_ceiling: int = 2_147_483_647
    address_lines: int = 6
    address_width: int = 35
    note_width: int = 250
    text_width: int = 60
    widths: tuple[tuple[str, int], ...] = ()
    required: frozenset[str] = frozenset()
    cut: frozenset[str] = frozenset()
    values: tuple[tuple[str, tuple[tuple[str, str], ...]], ...] = ()
    charset: CharsetPolicy = CharsetPolicy.TRANSLITERATE
    absent_codes: frozenset[str] = frozenset()
    unavailable_codes: frozenset[str] = frozenset({"10921"})
    appserver_down_is_unknown: bool = True
    duplicate_codes: frozenset[str] = frozenset({"21"})
    price_basis_codes: frozenset[str] = frozenset({"548"})
    busy_codes: frozenset[str] = frozenset()
    malformed_codes: frozenset[str] = frozenset({"14586"})
    codes: tuple[tuple[str, str, str], ...] = ()
    order_request: OrderRequest = OrderRequest.MULTI_NEW_ORDER
    multi_size: int = 50
    horizon_days: int = 365
    extras: tuple[tuple[str, str, str], ...] = ()

    def __attrs_post_init__(self) -> None:
        faults = (
            *_name_faults(self),
            *(f for extra in self.extras for f in _extra_faults(extra)),
            *(f for named in self.codes for f in _code_faults(named)),
        )
        if faults:
            raise ConfigError(faults)


ELEMENTS = (
    "Data", "OrderHeaderData", "OrderInvoiceData", "OrderLineData", "OrderChargeData",
    "OrderPaymentData",
)  # fmt: skip
IDENTITY = frozenset({"uniqueid", "customer", "tpguid", "ordernumber"})
XML_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
URI = re.compile(r"[!#-;=?-~]+")
ACTION = re.compile(r"[ !#-\[\]-~]*")


def _name_faults(profile: PrimaProfile) -> tuple[str, ...]:
    checks = (
        ("namespace", URI, profile.namespace),
        ("xml_part", XML_NAME, profile.xml_part),
        ("company_part", XML_NAME, profile.company_part),
        ("soap_action", ACTION, profile.soap_action),
    )
    faults = [
        f"prima.profile.{name}: {text[:40]!a} cannot be written; take it from the server's WSDL"
        for name, allowed, text in checks
        if not allowed.fullmatch(text)
    ]
    if profile.xml_part == profile.company_part:
        faults.append("prima.profile.company_part: expected another name than xml_part")
    return tuple(faults)


def _extra_faults(extra: tuple[str, str, str]) -> tuple[str, ...]:
    element, name, _value = extra
    where = f"prima.profile.extras: {element[:40]!a} {name[:40]!a}"
    if element not in ELEMENTS:
        return (f"{where}: expected one of the elements {', '.join(ELEMENTS)}",)
    if not XML_NAME.fullmatch(name):
        return (f"{where}: expected the name of an attribute",)
    if element == "Data" and name.lower() in IDENTITY:
        return (f"{where}: it identifies the order and cannot be set",)
    return ()


def _code_faults(named: tuple[str, str, str]) -> tuple[str, ...]:
    code, kind, _meaning = named
    where = f"prima.profile.codes: {code[:20]!a}"
    if not (code.isascii() and code.isdigit()):
        return (f"{where}: expected the digits of an error code",)
    if kind not in set(CodeClass):
        return (f"{where}: expected one of the classes {', '.join(CodeClass)}",)
    return ()
