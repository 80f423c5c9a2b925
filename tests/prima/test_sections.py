"""Every attribute of an order that is evidenced can be written, each from a typed field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, get_type_hints
from xml.etree import ElementTree as ET

import pytest
from attrs import evolve, fields
from hypothesis import given
from hypothesis import strategies as st

from oro_prima.prima.calls import free_stock_batches, post_order
from oro_prima.prima.models import PrimaProfile
from oro_prima.prima.models.orders import OrderCharge, Party, PrimaOrder
from oro_prima.prima.models.profile import OrderRequest
from oro_prima.prima.models.sections import (
    Header,
    Hold,
    InvoiceContact,
    LineTerms,
    OrderSections,
    Payment,
    Person,
    Terms,
    Voucher,
    Workwear,
    section_values,
    wire_name,
)
from oro_prima.values import LocalDate, SkuKey
from tests.prima.documents import COMPANY, ORDER, PROFILE, TODAY, item, read, result, soap
from tests.prima.requests import read_sent

EVIDENCED = {
    "Data": """UniqueId CustDef Customer TPGUID OrderNumber HoldOrder HoldOrderNarrative
        OrderChannel CustomerTitle CustomerForename CustomerSurname AddrLine1 AddrLine2 AddrLine3
        AddrLine4 AddrLine5 AddrLine6 PostCode Country CustomerEmail CustomerPhone CustomerMobile
        CustomerFax CustomerRef VatInclusive Gender ReceiveMail ReceiveEmail ReceiveText
        ReceivePhone ReceiveMobile RentDetails DateOfBirth DelivAddrNo DeliveryFAO
        EntitlementCheck InvcAddrNo OrderType PaymentTerms Salesman SeasonDDValidation Wardrobe
        WorksNo WREmpCode WREmpDept WREmpRef1 WREmpRef2 WREmpRole WROrdRef1 WROrdRef2 WROrdRef3
        WROrdRef4""",
    "OrderHeaderData": """B2B Brand SpecialInstructions ShippingInstructions SourceMedia
        OrderCategory OrderStatus Carrier CarrServ Currency OrderContact OrderDate OrderEmail
        OrderPaid PaymentOnOrder ProdConv Proforma Season SendToApproval""",
    "OrderInvoiceData": """InvoiceTitle InvoiceForename InvoiceSurname InvoiceAddrLine1
        InvoiceAddrLine2 InvoiceAddrLine3 InvoiceAddrLine4 InvoiceAddrLine5 InvoiceAddrLine6
        InvoicePostCode InvoiceCountry InvoiceEmail InvoicePhone InvoiceMobile InvoiceFax
        InvoiceFAO""",
    "OrderLineData": """OrderLine Product MtrxCode1 MtrxCode2 MtrxCode3 MtrxCode4 Quantity Price
        DueDate Warehouse Reserve Inventory TrDisc ExtTaxVal EnhancementToLine LineSalesman
        LineNarrative LineReference Promotion PromotionValue WebPrmCode WorksNo FIPSCode1
        FIPSCode2 FIPSCode3 FIPSCode4 FIPSCode5 FIPSCode6 FIPSValue1 FIPSValue2 FIPSValue3
        FIPSValue4 FIPSValue5 FIPSValue6 Voucher VchMethod VchGreetcard VchGreetMessage VchMessage
        VchName VchAddrLine1 VchAddrLine2 VchAddrLine3 VchAddrLine4 VchAddrLine5 VchAddrLine6
        VchPostCode VchCntry VchEmail""",
    "OrderChargeData": "Charge ChargeValue",
    "OrderPaymentData": """PayMethod SubPayMethod AuthRef AuthDate AuthTime TranAmount BankSort
        BankAccount ChequeNum PayProvider PayProviderStatus PayAuthRef PayAuthId LineRef TokenID
        CAVV ECI ATSData TransactionID AuthenticationStatus VchNumber FailureCount
        ExchCreditNo""",
}
FULL = evolve(ORDER, invoice=Party("A"), charges=(OrderCharge("STD", Decimal("7.5")),))
KINDS = (Hold, Person, Terms, Workwear, Header, InvoiceContact, Voucher, LineTerms, Payment)
Make = Callable[[type], Any]


def filled(kind: type, value: Make) -> dict[str, Any]:
    """Return a value for every plain field of a section."""
    hints = get_type_hints(kind)
    plain = [one.name for one in fields(kind) if not one.metadata.get("apart")]
    return {name: value(_type_of(hints[name])) for name in plain}


def _type_of(hint: object) -> type:
    kinds = (str, bool, Decimal, int)
    found = getattr(hint, "__args__", (hint,))
    return next((kind for kind in kinds if kind in found), date)


def example(kind: type) -> object:
    return {str: "x", bool: True, Decimal: Decimal("1.5"), int: 2, date: TODAY}[kind]


def every(value: Make) -> OrderSections:
    """Return sections with every field filled."""
    voucher = Voucher(**filled(Voucher, value))
    taxes = tuple((f"{n}", Decimal(n)) for n in range(1, 7))
    line = LineTerms(**filled(LineTerms, value), taxes=taxes, voucher=voucher)
    return OrderSections(
        hold=Hold(**filled(Hold, value)),
        person=Person(**filled(Person, value)),
        terms=Terms(**filled(Terms, value)),
        workwear=Workwear(**filled(Workwear, value)),
        header=Header(**filled(Header, value)),
        invoice=InvoiceContact(**filled(InvoiceContact, value)),
        lines={1: line},
        payment=Payment(**filled(Payment, value)),
    )


def sent(
    order: PrimaOrder, sections: OrderSections | None, profile: PrimaProfile = PROFILE
) -> ET.Element:
    call = post_order(
        order, unique_id="12345678", profile=profile, company=COMPANY, sections=sections
    )
    return read_sent(call.request().body).request[0]


def test_every_evidenced_attribute_can_be_written() -> None:
    """All of them, on their elements, in the evidenced order of elements, and no other."""
    data = sent(FULL, every(example))
    found = {element.tag: set(element.attrib) for element in data.iter()}

    assert found == {name: set(text.split()) for name, text in EVIDENCED.items()}
    assert [child.tag for child in data] == list(EVIDENCED)[1:]


def test_an_order_without_sections_is_what_it_was() -> None:
    """Blank sections change nothing."""
    assert ET.tostring(sent(FULL, None)) == ET.tostring(sent(FULL, OrderSections()))


@given(st.data())
def test_what_a_section_says_is_what_leaves(data: st.DataObject) -> None:
    """Each value in Prima's form, under the attribute's name; unset fields are not touched."""
    kind = data.draw(st.sampled_from([Hold, Person, Terms, Workwear, Header]))
    texts = st.none() | st.sampled_from(["", "a b", "é"])
    by_kind: dict[type, Any] = {
        str: texts,
        bool: st.none() | st.booleans(),
        date: st.none() | st.just(TODAY),
    }
    section: Any = kind(**filled(kind, lambda one: data.draw(by_kind[one])))
    name = kind.__name__.lower()
    plain, after = (sent(ORDER, sections) for sections in (None, given_by(name, section)))
    element = "OrderHeaderData" if kind is Header else "Data"
    before, found = (tree if element == "Data" else tree.find(element) for tree in (plain, after))

    assert before is not None
    assert found is not None
    told = {name: in_words(value) for name, value in section_values(section).items()}
    assert dict(found.attrib) == {**before.attrib, **told}


def given_by(name: str, section: Any) -> OrderSections:
    changed: dict[str, Any] = {name: section}
    return OrderSections(**changed)


def in_words(value: object) -> str:
    words: dict[object, str] = {True: "Yes", False: "No", TODAY: "06/05/2031"}
    return value if isinstance(value, str) else words[value]


def test_amounts_and_numbers_have_primas_form() -> None:
    """Two decimals at least; a count as it is."""
    payment = Payment("CSH", Decimal(20), auth_date=LocalDate(date(2031, 1, 2)))
    found = sent(ORDER, OrderSections(payment=payment)).find("OrderPaymentData")

    assert found is not None
    assert found.attrib["TranAmount"] == "20.00"
    assert found.attrib["AuthDate"] == "02/01/2031"
    assert found.attrib["FailureCount"] == "0"
    assert "token" not in repr(payment)


def test_extras_go_over_sections() -> None:
    """The profile has the last word, on payments too."""
    extras = (("Data", "HoldOrder", "Maybe"), ("OrderPaymentData", "Till", "7"))
    profile = PrimaProfile(extras=extras)
    data = sent(ORDER, OrderSections(Hold(True), payment=Payment("CSH", Decimal(1))), profile)

    assert data.attrib["HoldOrder"] == "Maybe"
    assert [e.attrib["Till"] for e in data.findall("OrderPaymentData")] == ["7"]


@pytest.mark.parametrize(
    ("sections", "fault"),
    [
        (OrderSections(lines={2: LineTerms()}), "line 2, which there is not"),
        (OrderSections(lines={1: LineTerms(taxes=(("a", Decimal(1)),) * 7)}), "over 6 FIPS codes"),
        (OrderSections(lines={1: LineTerms(tr_disc=Decimal("nan"))}), "not a number"),
        (OrderSections(payment=Payment("CSH", Decimal("inf"))), "not a number"),
    ],
)
def test_what_could_not_be_meant_is_refused(sections: OrderSections, fault: str) -> None:
    """Before anything leaves."""
    with pytest.raises(ValueError, match=fault):
        sent(ORDER, sections)


def test_names_are_those_of_the_wire() -> None:
    """By rule, or by the few exceptions."""
    names = {wire_name(one.name) for kind in KINDS for one in fields(kind)}
    known = {name for text in EVIDENCED.values() for name in text.split()}

    assert names - known == {"Taxes"}  # written as numbered codes and values


def test_new_order_is_a_setting() -> None:
    """Another request type, the same body, judged by the same rules."""
    profile = PrimaProfile(order_request=OrderRequest.NEW_ORDER)
    call = post_order(ORDER, unique_id="12345678", profile=profile, company=COMPANY)
    request = read_sent(call.request().body).request

    assert request.attrib == {"RequestType": "NewOrder"}
    assert ET.tostring(request[0]) == ET.tostring(sent(ORDER, None))
    answer = soap(result(item(UniqueID="12345678"), request_type="NewOrder"))
    assert read(call, answer).account == ORDER.account


@given(st.integers(1, 7), st.lists(st.sampled_from([SkuKey(f"P{n}") for n in range(20)])))
def test_a_long_question_is_split(size: int, skus: list[SkuKey]) -> None:
    """Every SKU is asked once, in order, and no call asks more than the profile allows."""
    profile = PrimaProfile(multi_size=size)
    calls = free_stock_batches(skus, profile=profile, company=COMPANY, today=TODAY)
    asked = [
        [sku.attrib["Product"] for sku in read_sent(call.request().body).request.iter("sku")]
        for call in calls
    ]

    assert [str(sku) for sku in dict.fromkeys(skus)] == [one for part in asked for one in part]
    assert all(len(part) <= size for part in asked)
