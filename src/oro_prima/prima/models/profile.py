"""What a Prima deployment is like: names, formats, codes. Nothing here is the business's choice."""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen


class Style(StrEnum):
    """How the web service wraps its strings; read it from the deployment's WSDL."""

    RPC_LITERAL = "rpc-literal"
    RPC_ENCODED = "rpc-encoded"
    DOC_LITERAL = "doc-literal"


class CharsetPolicy(StrEnum):
    """What happens to a character outside ISO-8859-1."""

    TRANSLITERATE = "transliterate"
    REJECT = "reject"


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
        charset: What happens to characters outside ISO-8859-1.
        absent_codes: Codes that truly mean "no such order". None is evidenced: empty.
        unavailable_codes: Numbers of SOAP faults that mean "nothing was done, come again".
        appserver_down_is_unknown: Whether fault 8234 after sending an order leaves it in doubt.
        duplicate_codes, price_basis_codes, malformed_codes: Error codes of those classes.
        multi_size: SKUs in one `MultiAvailableToSell`.
        horizon_days: A next-available date further off than this counts as none.
        extras: Attributes to add, as (element, attribute, value).
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
    charset: CharsetPolicy = CharsetPolicy.TRANSLITERATE
    absent_codes: frozenset[str] = frozenset()
    unavailable_codes: frozenset[str] = frozenset({"10921"})
    appserver_down_is_unknown: bool = True
    duplicate_codes: frozenset[str] = frozenset({"21"})
    price_basis_codes: frozenset[str] = frozenset({"548"})
    malformed_codes: frozenset[str] = frozenset({"14586"})
    multi_size: int = 50
    horizon_days: int = 365
    extras: tuple[tuple[str, str, str], ...] = ()
