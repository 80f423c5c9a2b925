"""What answers mean: decision tables, as data."""

from __future__ import annotations

import pytest

from oro_prima.errors import (
    CallError,
    Effect,
    Fault,
    RejectedError,
    UnauthorizedError,
    UnavailableError,
    UnreadableError,
)
from oro_prima.prima.calls.result import codes_of
from oro_prima.prima.models.orders import OrderAnswer
from oro_prima.prima.models.profile import PrimaProfile
from tests.prima.documents import (
    HTML,
    NUMBER,
    ORDER,
    asking,
    element,
    in_body,
    item,
    posting,
    read,
    result,
    soap,
    soap_fault,
)

# What the root says: its status, and with + an Error beside it.
ROOTS = ("-", "-+", "OK", "OK+", "ERROR", "ERROR+", "ODD", "ODD+")
# What becomes of an order: Accepted, Refused (certainly not taken), or in Doubt.
ORDERS = {
    "no item": "D D D D R R D D",
    "-": "D D D D R R D D",
    "-+": "D D D D R R D D",
    "blank": "D D D D R R D D",
    "blank+": "D D D D R R D D",
    "OK": "A D A D D D D D",
    "OK+": "D D D D D D D D",
    "ERROR": "R R R R R R R R",
    "ERROR+": "R R R R R R R R",
    "ODD": "D D D D D D D D",
    "ODD+": "D D D D D D D D",
}
# What becomes of an enquiry: a Value, Refused, or Unreadable for want of a status.
ENQUIRIES = {
    "-": "U R V R R R R R",
    "-+": "R R R R R R R R",
    "blank": "U R V R R R R R",
    "blank+": "R R R R R R R R",
    "OK": "V R V R R R R R",
    "OK+": "R R R R R R R R",
    "ERROR": "R R R R R R R R",
    "ERROR+": "R R R R R R R R",
    "ODD": "R R R R R R R R",
    "ODD+": "R R R R R R R R",
}


def _cases(table: dict[str, str]) -> list[tuple[str, str, str]]:
    return [
        (own, root, verdict)
        for own, verdicts in table.items()
        for root, verdict in zip(ROOTS, verdicts.split(), strict=True)
    ]


def _status(word: str) -> str | None:
    return {"-": None, "blank": " "}.get(word.rstrip("+"), word.rstrip("+"))


def _root(word: str) -> dict[str, str]:
    status, failed = _status(word), word.endswith("+")
    return ({"RequestStatus": status} if status else {}) | ({"Error": "(E:7) x"} if failed else {})


@pytest.mark.parametrize(("own", "root", "verdict"), _cases(ORDERS))
def test_orders(own: str, root: str, verdict: str) -> None:
    """An order is accepted by a plain OK alone, and refused by a plain ERROR alone."""
    errors = ("(E:9) x",) if own.endswith("+") else ()
    inside = "" if own == "no item" else item(_status(own), *errors)
    body = soap(result(inside, **_root(root)))

    if verdict == "A":
        assert read(posting(), body) == OrderAnswer(NUMBER, "SHOP-42", ORDER.account)
        return
    with pytest.raises(CallError) as caught:
        read(posting(), body)

    kind = {"R": RejectedError, "D": UnreadableError}[verdict]
    assert type(caught.value) is kind
    assert caught.value.effect is (Effect.NONE if verdict == "R" else Effect.UNKNOWN)


@pytest.mark.parametrize(("own", "root", "verdict"), _cases(ENQUIRIES))
def test_enquiries(own: str, root: str, verdict: str) -> None:
    """An enquiry is answered by OK, on the item or on the root, and by no failure anywhere."""
    status = _status(own)
    names = {"OrderStatus": "Entered"} | ({} if status is None else {"RequestStatus": status})
    failed = element("RequestError", Error="(E:9) x") if own.endswith("+") else ""
    inside = element("Data", failed, **names)
    body = soap(result(inside, request_type="OrderStatus", **_root(root)))

    if verdict == "V":
        assert read(asking(), body).status == "Entered"
        return
    with pytest.raises(CallError) as caught:
        read(asking(), body)

    assert type(caught.value) is {"R": RejectedError, "U": UnreadableError}[verdict]
    assert caught.value.effect is Effect.NONE


FAULTS = [
    # numbers, effect on an order: by default, and where 8234 means "nothing was done"
    ("(10921)", "none", "none"),
    ("(8234) (10926)", "unknown", "none"),
    ("(3230) (7211) (10926)", "none", "none"),
    ("(7211)", "none", "none"),
    ("(10926)", "unknown", "unknown"),
    ("(12345)", "unknown", "unknown"),
    ("no number", "unknown", "unknown"),
    ("(10921) (10926)", "none", "none"),
]


@pytest.mark.parametrize(("message", "default", "trusting"), FAULTS)
@pytest.mark.parametrize("status", [200, 500])
@pytest.mark.parametrize("prefix", ["", "n1:"])
def test_faults(message: str, default: str, trusting: str, status: int, prefix: str) -> None:
    """A fault is judged by its numbers, with any status and in any namespace."""
    body = soap_fault(message, prefix=prefix)
    trust = PrimaProfile(appserver_down_is_unknown=False)

    for call, effect in ((posting(), default), (posting(trust), trusting), (asking(), "none")):
        with pytest.raises(UnavailableError, match="requestID ab:-1#7") as caught:
            read(call, body, status=status)
        assert caught.value.effect == Effect(effect)
        assert caught.value.fault is Fault.SYSTEM
        assert (caught.value.status, caught.value.codes) == (
            status,
            tuple(part.strip("()") for part in message.split() if part.startswith("(")),
        )


def test_a_fault_beside_an_answer_is_a_contradiction() -> None:
    """Not even a fault that says "nothing was done" releases an order that was answered."""
    fault = soap_fault("switched off (10921)").partition(b"<E:Body>")[2].partition(b"</E:Body>")[0]
    for status in ("OK", "ERROR"):
        answer = soap(result(item(status)))
        for body in (
            answer.replace(b"</E:Body>", fault + b"</E:Body>"),
            answer.replace(b"<E:Body>", b"<E:Body>" + fault),
        ):
            with pytest.raises(UnreadableError, match="beside an answer") as caught:
                read(posting(), body)
            assert caught.value.effect is Effect.UNKNOWN


def test_a_wrong_profile_is_said() -> None:
    """An unknown operation is a setting to mend, not a server to wait for."""
    with pytest.raises(UnavailableError, match="the profile is wrong"):
        read(posting(), soap_fault("no such parameters (3230) (7211)"), status=500)


def test_a_fault_without_details_is_read_by_its_text() -> None:
    """Without `errorMessage` the numbers of `faultstring` count, and nothing is quoted."""
    body = in_body("<E:Fault><faultstring>Ann Other is down (10921)</faultstring></E:Fault>")

    with pytest.raises(UnavailableError) as caught:
        read(posting(), body)

    assert caught.value.codes == ("10921",)
    assert "Ann" not in str(caught.value)
    assert "requestID not given" in caught.value.detail


def test_an_odd_request_id_is_not_shown() -> None:
    """Only what looks like an id reaches a message."""
    with pytest.raises(UnavailableError, match="requestID not given"):
        read(posting(), soap_fault("(10926)", request_id="Ann Other, 1 High St"))


HTTP = [
    # status, class, effect on an order, what the message tells
    (200, UnreadableError, "unknown", "a web page came instead of SOAP"),
    (302, UnreadableError, "unknown", "another page, which is not followed"),
    (400, UnreadableError, "unknown", "a web page"),
    (401, UnauthorizedError, "none", "prima.username"),
    (403, UnauthorizedError, "none", "credentials"),
    (404, UnavailableError, "none", "check prima.url"),
    (405, UnavailableError, "none", "check prima.url"),
    (408, UnreadableError, "unknown", "a web page"),
    (413, UnavailableError, "none", "check prima.url"),
    (429, UnavailableError, "none", "answered 429"),
    (500, UnavailableError, "unknown", "answered 500"),
    (502, UnavailableError, "unknown", "answered 502"),
    (503, UnavailableError, "unknown", "answered 503"),
    (504, UnavailableError, "unknown", "answered 504"),
]
PAGES = (b"<html><p>Ann Other</html>", b"<!DOCTYPE html><html/>", b"<html><body/></html>", b"")


@pytest.mark.parametrize(("status", "kind", "effect", "told"), HTTP)
@pytest.mark.parametrize("page", PAGES)
def test_answers_without_soap(
    status: int, kind: type[CallError], effect: str, told: str, page: bytes
) -> None:
    """What is no SOAP is judged by its status, whatever the page looks like."""
    for call, wanted in ((posting(), Effect(effect)), (asking(), Effect.NONE)):
        with pytest.raises(CallError, match=told) as caught:
            read(call, page, status=status, headers=HTML)
        assert type(caught.value) is kind
        assert (caught.value.effect, caught.value.fault) == (wanted, Fault.SYSTEM)
        assert caught.value.status == status
        assert "Ann" not in str(caught.value)


@pytest.mark.parametrize(("text", "seconds"), [("30", 30), ("soon", None), ("-5", None)])
def test_a_pause_that_is_asked_for_is_passed_on(text: str, seconds: int | None) -> None:
    """`Retry-After` in seconds."""
    with pytest.raises(UnavailableError) as caught:
        read(asking(), b"", status=503, headers=(*HTML, ("Retry-After", text)))

    assert caught.value.retry_after == seconds


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "the answer is empty"),
        (b"\x00\x01", "no well-formed XML"),
        (soap(result())[:-9], "no well-formed XML"),
        (soap(result())[:-30], "no well-formed XML"),
        (soap("<Result>"), "no well-formed XML"),
        (soap("<Answer/>"), "expected a Result document"),
        (soap(" "), "expected a Result document"),
        (b"<Result/>", "expected a SOAP answer"),
        (soap(result(item(), request_type="OrderStatus")), "another request type"),
        (soap(result(item("ERROR"), request_type="NewOrder")), "another request type"),
    ],
)
def test_what_makes_no_sense_leaves_an_order_in_doubt(body: bytes, told: str) -> None:
    """The message says what was expected; nothing is concluded about the order."""
    with pytest.raises(UnreadableError, match=told) as caught:
        read(posting(), body)

    assert caught.value.effect is Effect.UNKNOWN


def test_a_content_type_is_shown_only_if_it_is_one() -> None:
    """A header field is somebody else's text."""
    for kind, shown in (("a b, Ann Other", "no content type"), ("Text/XML; x=y", "text/xml")):
        with pytest.raises(UnreadableError, match=rf"\(status 200, {shown}\)"):
            read(asking(), b"?", headers=(("content-type", kind),))


CODES = ["(E:21) a", "(E:548) b", "(E:194) c", "(E:7) d"]


@pytest.mark.parametrize("first", CODES)
@pytest.mark.parametrize("second", CODES)
@pytest.mark.parametrize("together", [True, False])
def test_every_code_counts_wherever_it_stands(first: str, second: str, together: bool) -> None:
    """All codes of all messages are given, each once, the follow-on E:194 last."""
    errors = (f"{first} DEV MODE Stack Trace (Msg - E:X): p.p {second}",)
    body = soap(result(item("ERROR", *(errors if together else (first, second)))))

    with pytest.raises(RejectedError) as caught:
        read(posting(), body)

    numbers = [text.partition(")")[0].removeprefix("(E:") for text in (first, second)]
    expected = sorted(dict.fromkeys(numbers), key=lambda number: number == "194")
    assert list(caught.value.codes) == expected
    assert caught.value.fault is Fault.RECORD


def test_wording_of_prima_is_never_passed_on() -> None:
    """It may quote names and addresses; a message holds codes alone."""
    body = soap(result(item("ERROR", "(E:548) Ann Other of 1 High St", "no code, Ann Other")))

    with pytest.raises(RejectedError) as caught:
        read(posting(), body)

    assert str(caught.value) == "post_order: Prima refused the request: E:548"


def test_a_request_that_prima_could_not_parse_is_our_bug() -> None:
    """The whole request is refused, without any item; the message asks for a report."""
    text = "not parsed. SAX-PARSE-NEXT (14586)"
    body = soap(result(element("RequestError", Error=text), RequestStatus="ERROR", Error=text))

    with pytest.raises(RejectedError, match="could not parse the request: please report it") as e:
        read(posting(), body)

    assert e.value.codes == ("14586",)


def test_messages_without_numbers_give_no_codes() -> None:
    """Numbers that are no codes are not taken for codes."""
    assert codes_of(["it failed", "(E:) (12) (E:x)"]) == ()


def test_a_failure_below_an_item_belongs_to_it() -> None:
    """`RequestError` counts at any depth; one of another order does not refuse ours."""
    deep = element(
        "Data",
        element("OrderLineData", element("RequestError", Error="(E:9) x")),
        RequestStatus="ERROR",
        TPGUID="SHOP-42",
    )
    other = item("ERROR", "(E:9) x", TPGUID="SHOP-1", OrderNumber="1", UniqueID="2")

    with pytest.raises(RejectedError):
        read(posting(), soap(result(deep)))
    assert read(posting(), soap(result(other + item()))).reference == "SHOP-42"


@pytest.mark.parametrize("root", [None, "OK"])
def test_http_status_does_not_change_what_prima_says(root: str | None) -> None:
    """A `Result` that says OK is Prima's word, whatever a proxy made of its status."""
    names = {"RequestStatus": root} if root else {}

    assert read(posting(), soap(result(item(), **names)), status=502).account == "KETTLE1"
