"""Write the decision table of answers by asking the code about every one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from itertools import groupby
from xml.etree import ElementTree as ET

from oro_prima.call import HttpResponse
from oro_prima.errors import CallError, Effect, Fault
from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
from oro_prima.prima.calls.orders import order_status, post_order
from oro_prima.prima.calls.outcome import outcome_of
from oro_prima.prima.models.codes import class_of
from oro_prima.prima.models.orders import OrderAnswer, PrimaOrder, PrimaOrderLine
from oro_prima.prima.models.profile import CodeClass, PrimaProfile
from oro_prima.values import LocalDate, SkuKey

PROFILE, COMPANY = PrimaProfile(), PrimaCompany("1")
NUMBER, UNIQUE, REFERENCE = PrimaOrderNumber("30100017"), "88100017", "ORO-17"
ORDER = PrimaOrder(
    NUMBER, REFERENCE, PrimaAccount("ACME01"), "GBP", False, LocalDate(date(2031, 11, 3)),
    (PrimaOrderLine(1, SkuKey("ROVER"), 1, None, "ORO-17-1"),),
)  # fmt: skip
ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/"
XML, HTML = "text/xml; charset=utf-8", "text/html"
ABSENT = "absent"
STATUSES = (ABSENT, "OK", "ERROR", "other")
SAYS = {
    "taken": "**taken**",
    "answered": "**answered**",
    "refused": "refused: certainly not taken",
    "not taken": "certainly not taken; the run stops",
    "doubt": "**in doubt**",
    "no answer": "no answer; the run stops",
}


def outcomes() -> str:
    """Return the page of outcomes."""
    parts = [
        _HEAD, *_flow(), _ORDERS, *_matrix(_order_verdict), _ENQUIRIES, *_matrix(_enquiry_verdict),
        _IDENTITY, *_rows("the answer about an order", _identity()),
        _FAULTS, *_rows("numbers in the fault", _faults()),
        _OTHER, *_rows("what comes", _without_soap()), _CODES, *_classes(),
    ]  # fmt: skip
    return "\n".join(parts) + "\n"


def of_order(body: bytes, status: int = 200, kind: str = XML) -> str:
    """Return in a word what an answer to an order means."""
    call = post_order(ORDER, unique_id=UNIQUE, profile=PROFILE, company=COMPANY)
    return verdict(outcome_of(call, HttpResponse(status, (("Content-Type", kind),), body)))


def of_enquiry(body: bytes, status: int = 200, kind: str = XML) -> str:
    """Return in a word what an answer to an enquiry means."""
    call = order_status(NUMBER, profile=PROFILE, company=COMPANY)
    return verdict(outcome_of(call, HttpResponse(status, (("Content-Type", kind),), body)))


def verdict(found: object) -> str:
    """Name an outcome."""
    if not isinstance(found, CallError):
        return "taken" if isinstance(found, OrderAnswer) else "answered"
    if found.effect is Effect.UNKNOWN:
        return "doubt"
    if found.fault is Fault.RECORD:
        return "refused"
    return "not taken" if found.call == "post_order" else "no answer"


def soap(inner: ET.Element) -> bytes:
    """Wrap a business answer."""
    envelope = ET.Element(f"{{{ENVELOPE}}}Envelope")
    body = ET.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    part = ET.SubElement(ET.SubElement(body, "wsomhandlerResponse"), "result")
    part.text = ET.tostring(inner, encoding="unicode")
    return _bytes(envelope)


def fault(message: str) -> bytes:
    """Write a SOAP fault."""
    envelope = ET.Element(f"{{{ENVELOPE}}}Envelope")
    body = ET.SubElement(envelope, f"{{{ENVELOPE}}}Body")
    detail = ET.SubElement(ET.SubElement(body, f"{{{ENVELOPE}}}Fault"), "detail")
    ET.SubElement(ET.SubElement(detail, "FaultDetail"), "errorMessage").text = message
    return _bytes(envelope)


def result(kind: str, status: str = ABSENT, *, error: bool = False) -> ET.Element:
    """Write the root of a business answer."""
    root = ET.Element("Result", {"Company": "1", "RequestType": kind} | _said(status))
    if error:
        root.set("Error", "(E:7) made up")
    return root


def order_answer(
    root: str,
    own: str | None,
    *,
    root_error: bool = False,
    error: bool = False,
    again: str = "",
    **changed: str,
) -> bytes:
    """Write an answer to an order; `own` is the status of its item, `again` that of a second."""
    answer = result("MultiNewOrder", root, error=root_error)
    if own is not None:
        names = {
            "CustomerCode": "ACME01", "OrderNumber": str(NUMBER), "TPGUID": REFERENCE,
            "UniqueID": UNIQUE,
        }  # fmt: skip
        item = ET.SubElement(answer, "Data", names | changed | _said(own))
        if error:
            ET.SubElement(item, "RequestError", {"Error": "(E:9) made up"})
        if again:
            ET.SubElement(answer, "Data", names | _said(again))
    return soap(answer)


def enquiry_answer(
    root: str, own: str | None, *, root_error: bool = False, error: bool = False
) -> bytes:
    """Write an answer to an enquiry."""
    answer = result("OrderStatus", root, error=root_error)
    if own is not None:
        item = ET.SubElement(answer, "Data", {"OrderStatus": "Entered"} | _said(own))
        if error:
            ET.SubElement(item, "RequestError", {"Error": "(E:9) made up"})
    return soap(answer)


def _said(status: str) -> dict[str, str]:
    text = {ABSENT: "", "other": "HELD"}.get(status, status)
    return {"RequestStatus": text} if text else {}


def _bytes(element: ET.Element) -> bytes:
    written: bytes = ET.tostring(element, encoding="utf-8")
    return written


def _order_verdict(root: str, own: str | None, root_error: bool, error: bool) -> str:
    return of_order(order_answer(root, own, root_error=root_error, error=error))


def _enquiry_verdict(root: str, own: str | None, root_error: bool, error: bool) -> str:
    return of_enquiry(enquiry_answer(root, own, root_error=root_error, error=error))


Ask = Callable[[str, str | None, bool, bool], str]


def _matrix(ask: Ask) -> Iterator[str]:
    """Write a row for each status of the item, a column for each of the root."""
    yield "| item ↓ root → | " + " | ".join(f"{s} | {s} + Error" for s in STATUSES) + " |"
    yield "|---" * (2 * len(STATUSES) + 1) + "|"
    for own in (None, *STATUSES):
        for error in (False, True) if own is not None else (False,):
            name = "no item" if own is None else own + (" + Error" if error else "")
            words = [
                ask(root, own, root_error, error)
                for root in STATUSES
                for root_error in (False, True)
            ]
            yield f"| {name} | " + " | ".join(_short(word) for word in words) + " |"


def _short(word: str) -> str:
    return {"taken": "**taken**", "answered": "**answered**", "doubt": "*doubt*"}.get(word, word)


def _rows(what: str, cases: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    yield f"| {what} | an order is | an enquiry has |"
    yield "|---|---|---|"
    for name, order, enquiry in cases:
        yield f"| {name} | {SAYS[order]} | {SAYS[enquiry] if enquiry else '–'} |"


def _identity() -> Iterator[tuple[str, str, str]]:
    cases = {
        "our TPGUID, number and unique id": order_answer(ABSENT, "OK"),
        "our number alone": order_answer(ABSENT, "OK", TPGUID="", UniqueID=""),
        "our unique id alone": order_answer(ABSENT, "OK", TPGUID="", OrderNumber=""),
        "our TPGUID under another number": order_answer(ABSENT, "OK", OrderNumber="30100018"),
        "our number under another TPGUID": order_answer(ABSENT, "OK", TPGUID="ORO-18"),
        "our order with the unique id of another attempt": order_answer(
            ABSENT, "OK", UniqueID="88100018"
        ),
        "our order twice, OK and ERROR": order_answer(ABSENT, "OK", again="ERROR"),
        "none of the three": order_answer(
            ABSENT, "OK", TPGUID="ORO-9", OrderNumber="9", UniqueID="9"
        ),
        "another CustomerCode (a warning for finance)": order_answer(
            ABSENT, "OK", CustomerCode="9000000001"
        ),
        "another RequestType": soap(result("OrderStatus", "OK")),
        "no RequestType, no item": soap(ET.Element("Result")),
        "another root than Result": soap(ET.Element("Answer")),
        "an OK beside a SOAP fault (10921)": _with_fault(order_answer(ABSENT, "OK"), "(10921)"),
    }
    for name, body in cases.items():
        yield name, of_order(body), ""


def _with_fault(answer: bytes, message: str) -> bytes:
    """Put a SOAP fault after what the body of an answer holds."""
    envelope, other = ET.fromstring(answer), ET.fromstring(fault(message))
    envelope[0].append(other[0][0])
    return _bytes(envelope)


def _faults() -> Iterator[tuple[str, str, str]]:
    cases = {
        "10921: the service is switched off": "(10921)",
        "3230 or 7211: the profile is wrong": "(3230) (7211) (10926)",
        "8234: the application server is down": "(8234) (10926)",
        "10926 alone, or any other": "(10926)",
        "none": "made up",
    }
    for name, message in cases.items():
        body = fault(message)
        yield name, of_order(body, 500), of_enquiry(body, 500)


def _without_soap() -> Iterator[tuple[str, str, str]]:
    page = b"<html><body>made up</body></html>"
    found = [(status, of_order(page, status, HTML), of_enquiry(page, status, HTML))
             for status in range(200, 600)]  # fmt: skip
    for (order, enquiry), group in groupby(found, key=lambda row: row[1:]):
        numbers = [status for status, _order, _enquiry in group]
        shown = f"{numbers[0]}" + (f" to {numbers[-1]}" if len(numbers) > 1 else "")
        yield f"a web page with status {shown}", order, enquiry
    broken = order_answer(ABSENT, "OK")[:-20]
    for name, body in (
        ("nothing, with status 200", b""),
        ("a document that breaks off", broken),
        ("a document type or an entity", b"<!DOCTYPE a>" + broken),
    ):
        yield name, of_order(body), of_enquiry(body)


def _classes() -> Iterator[str]:
    yield "| class | codes by default | what it means |"
    yield "|---|---|---|"
    listed = ("14586", "21", "548", "194")
    meanings = {
        CodeClass.MALFORMED: "our fault: held for the integration, `request-malformed`",
        CodeClass.DUPLICATE: "ours and in doubt: stays in doubt unless found; "
        "never claimed: `number-taken`, and the flow stops",
        CodeClass.PRICE_BASIS: "held, `vat-basis-mismatch`",
        CodeClass.ACCOUNT: "held for finance, `account-refused`",
        CodeClass.GOODS: "held for product data, `goods-refused`",
        CodeClass.BUSINESS: "held, `prima-refused`",
        CodeClass.BUSY: "held and tried again after a pause, `prima-busy`",
        CodeClass.FOLLOW_ON: "held, `prima-refused`: no cause was named",
    }
    for kind in CodeClass:
        codes = [f"E:{c}" for c in listed if class_of((c,), profile=PROFILE) is kind]
        known = "any other" if kind is CodeClass.BUSINESS else ", ".join(codes) or "none"
        yield f"| {kind.value} | {known} | {meanings[kind]} |"


def _flow() -> Iterator[str]:
    yield "| outcome | what becomes of the order |"
    yield "|---|---|"
    yield "| taken | settled as accepted, for ever |"
    yield "| refused | the claim is released, the order held with every code; the run goes on |"
    yield "| certainly not taken | the claim is released, the order waits; the run stops |"
    yield (
        "| in doubt | the claim stays; `OrderStatus` or a person settles it; two in a row stop "
        "the flow |"
    )


_HEAD = """\
# What an answer of Prima means

Made by `tools/reference.py`, which asks the code itself about every case.
The rule is one pure function, `oro_prima.prima.calls.outcome.outcome_of`: status, header fields and bytes in, a value or an error out.
An order is taken only where its own item says OK and nothing contradicts it; it is released only where it is certain that Prima did not take it.
How to act on one is in [Read an error](../how-to/read-an-error.md).
"""
_ORDERS = "\n## Orders: status of the item, status of the root\n"
_ENQUIRIES = """
## Enquiries: status of the item, status of the root

An enquiry has no effect, so nothing is ever in doubt; *refused* means that Prima said no, and of an order number that is no sign of its absence.
"""
_IDENTITY = "\n## Whose answer it is\n\nAll of these say OK.\n"
_FAULTS = """
## SOAP faults

With any HTTP status, in any namespace.
Fault 8234 after sending is in doubt by default (`appserver_down_is_unknown`).
"""
_OTHER = "\n## What is no answer of Prima\n"
_CODES = """
## Codes

Every code of every message in an `Error` text counts, wherever it stands; E:194 ranks below any other.
The first class of this table that any code has decides; *busy* needs all codes but E:194.
A profile adds codes to a class (`duplicate_codes` and so on) or names its own (`codes`).
"""
