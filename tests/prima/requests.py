"""Reading requests back: a second, independent way through the bytes that leave."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from xml.etree import ElementTree as ET

from attrs import frozen

from oro_prima.ids import PrimaAccount, PrimaOrderNumber
from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder, PrimaOrderLine
from oro_prima.values import LocalDate, SkuKey
from tests.prima.documents import ENVELOPE


@frozen
class Sent:
    """What a request says: the operation in its namespace, its parts, the business request."""

    operation: str
    parts: tuple[tuple[str, str], ...]
    inner: str
    request: ET.Element


def read_sent(body: bytes, *, xml_part: str = "RequestXML") -> Sent:
    """Read an envelope that was written."""
    envelope = ET.fromstring(body)
    (operation,) = envelope.findall(f"{{{ENVELOPE}}}Body/*")
    parts = tuple((part.tag, part.text or "") for part in operation)
    inner = next(text for name, text in parts if name.rpartition("}")[2] == xml_part)
    return Sent(operation.tag, parts, inner, ET.fromstring(inner.encode("ascii")))


def read_order(data: ET.Element) -> PrimaOrder:
    """Read the `Data` element of an order back."""
    header = _only(data, "OrderHeaderData")
    invoice = data.find("OrderInvoiceData")
    return PrimaOrder(
        number=PrimaOrderNumber(data.attrib["OrderNumber"]),
        reference=data.attrib["TPGUID"],
        account=PrimaAccount(data.attrib["Customer"]),
        currency=header.attrib["Currency"],
        vat_inclusive={"Yes": True, "No": False}[data.attrib["VatInclusive"]],
        order_date=_day(header.attrib["OrderDate"]),
        lines=tuple(_line(line) for line in data.findall("OrderLineData")),
        customer_ref=data.attrib["CustomerRef"],
        delivery=_party(data, "Customer", ""),
        deliv_addr_no=data.attrib["DelivAddrNo"],
        delivery_fao=data.attrib["DeliveryFAO"],
        invoice=None if invoice is None else _party(invoice, "Invoice", "Invoice"),
        invc_addr_no=data.attrib["InvcAddrNo"],
        channel=data.attrib["OrderChannel"],
        carrier=header.attrib["Carrier"],
        carrier_service=header.attrib["CarrServ"],
        special_instructions=header.attrib["SpecialInstructions"],
        charges=tuple(
            OrderCharge(charge.attrib["Charge"], Decimal(charge.attrib["ChargeValue"]))
            for charge in data.findall("OrderChargeData")
        ),
    )


def _only(parent: ET.Element, name: str) -> ET.Element:
    (found,) = parent.findall(name)
    return found


def _line(line: ET.Element) -> PrimaOrderLine:
    known = line.attrib
    return PrimaOrderLine(
        int(known["OrderLine"]),
        SkuKey(known["Product"], *(known[f"MtrxCode{n}"] for n in (1, 2, 3, 4))),
        int(known["Quantity"]),
        Decimal(known["Price"]) if known["Price"] else None,
        known["LineReference"],
        _day(known["DueDate"]) if known["DueDate"] else None,
        known["LineNarrative"],
        known["Warehouse"],
    )


def _party(holder: ET.Element, person: str, place: str) -> Party:
    known = holder.attrib
    lines = tuple(known[f"{place}AddrLine{n}"] for n in range(1, 7))
    return Party(
        known[f"{person}Forename"],
        known[f"{person}Surname"],
        tuple(line for line in lines if line),
        known[f"{place}PostCode"],
        known[f"{place}Country"],
        known[f"{person}Email"],
        known[f"{person}Phone"],
    )


def _day(text: str) -> LocalDate:
    return LocalDate(datetime.strptime(text, "%d/%m/%Y").date())
