"""
Look for answers that break a promise, guided by coverage. Run by hand, outside CI.

`python tools/fuzz.py TARGET SECONDS` needs the package `atheris`. The promises: nothing but a
`CallError` comes of bytes, where they are cut changes nothing, and no damage makes a refusal or an
acceptance out of what said neither.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["oro_prima.prima", "oro_prima.files"]):
    from oro_prima.call import HttpResponse
    from oro_prima.errors import CallError, RejectedError, UnreadableError
    from oro_prima.files.reading import read_file
    from oro_prima.ids import PrimaAccount, PrimaCompany, PrimaOrderNumber
    from oro_prima.prima.calls import free_stock, order_status, post_order
    from oro_prima.prima.calls.outcome import outcome_of
    from oro_prima.prima.calls.wsdl import parse_wsdl
    from oro_prima.prima.models.binding import FileBinding, RecordMap
    from oro_prima.prima.models.bound import parse_records
    from oro_prima.prima.models.capabilities import Capability
    from oro_prima.prima.models.orders import OrderAnswer, PrimaOrder, PrimaOrderLine
    from oro_prima.prima.models.profile import PrimaProfile
    from oro_prima.sandbox.prima import PATH, PrimaSandbox
    from oro_prima.values import LocalDate, SkuKey

from attrs import evolve

PROFILE, COMPANY = PrimaProfile(), PrimaCompany("1")
TODAY = LocalDate(date(2031, 5, 6))
ORDER = PrimaOrder(
    PrimaOrderNumber("300000420"), "ORO-42", PrimaAccount("K1"), "GBP", False, TODAY,
    (PrimaOrderLine(1, SkuKey("TEAPOT"), 1, None, "ORO-42-1"),),
)  # fmt: skip
POST = post_order(ORDER, unique_id="12345678", profile=PROFILE, company=COMPANY)
ASK = order_status(ORDER.number, profile=PROFILE, company=COMPANY)
STOCK = free_stock(profile=PROFILE, company=COMPANY, today=TODAY)
FILE = FileBinding(
    ".",
    RecordMap(
        "D", (("number", "No"), ("date", "@d"), ("carrier", "=x"), ("tracking", "@t")),
        "L", (("order_line", "@n"), ("quantity", "@q")),
    ),
    xml=True,
)  # fmt: skip
XML = (("Content-Type", "text/xml"),)


def outcome(data: bytes) -> None:
    """An order and an enquiry: a value or a `CallError`; accepted only where OK stands there."""
    status = 200 if not data or data[0] % 4 else 500
    found = outcome_of(POST, HttpResponse(status, XML, data))
    plain = data.replace(b"\0", b"")
    if isinstance(found, OrderAnswer):
        assert b"OK" in plain.upper() or b"&#" in plain, "accepted without OK"
    if isinstance(found, RejectedError):
        assert b"ERROR" in plain.upper() or b"&#" in plain, "refused without ERROR"
    outcome_of(ASK, HttpResponse(status, XML, data))


def decoder(data: bytes) -> None:
    """A stock answer is the same value or the same error wherever it is cut."""
    at = data[0] * 7 % (len(data) or 1) if data else 0
    whole, parts = _read((data,)), _read((data[:at], data[at : at + 1], data[at + 1 :]))
    assert whole == parts, "the cut changed the outcome"


def _read(parts: tuple[bytes, ...]) -> object:
    reader = STOCK.decoder(HttpResponse(200, XML).head)
    try:
        for part in parts:
            reader.feed(part)
        return reader.close()
    except CallError as error:
        return (type(error), error.detail)


def wsdl(data: bytes) -> None:
    """A description is understood or refused with a reason."""
    try:
        parse_wsdl(data)
    except ValueError:
        return


def files(data: bytes) -> None:
    """A file is read or refused; its records have faults, never accidents."""
    for binding in (FILE, evolve(FILE, xml=False, mapping=evolve(FILE.mapping, items=""))):
        try:
            raw = read_file(data, binding=binding, name="x")
        except UnreadableError:
            continue
        parse_records(raw, capability=Capability.DESPATCH, mapping=binding.mapping)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "outcome": outcome,
    "decoder": decoder,
    "wsdl": wsdl,
    "files": files,
}


def seeds() -> list[bytes]:
    """Return answers of the sandbox: taken, refused, stock, status, fault, descriptions."""
    found: list[bytes] = []
    for style in ("rpc-literal", "rpc-encoded", "doc-literal"):
        prima = PrimaSandbox(now=lambda: datetime(2031, 5, 6, tzinfo=UTC), style=style)
        prima.add_account("K1")
        prima.add_stock("TEAPOT", quantity=4)
        prima.add_stock("LID", quantity=0, available_date="24/11/2031")
        profile = evolve(PROFILE, style=type(PROFILE.style)(style))
        calls = [
            post_order(ORDER, unique_id="1", profile=profile, company=COMPANY),
            order_status(ORDER.number, profile=profile, company=COMPANY),
            free_stock(profile=profile, company=COMPANY, today=TODAY),
        ]
        for call in (*calls, calls[0]):
            found.append(prima.handle(evolve(call.request(), path=PATH)).body)
        found.append(prima.fault_response("fault-8234", evolve(calls[0].request(), path=PATH)).body)
        asked = evolve(
            calls[0].request(),
            method="GET",
            path=f"{PATH}/wsdl",
            query=(("targetURI", "urn:omlink"),),
        )
        found.append(prima.handle(asked).body)
    found.append(b'<A><D d="06/05/2031" t="T"><No>1</No><L n="1" q="2"/></D></A>')
    found.append(b"No,@d,@t,@n,@q\nD1,06/05/2031,T,1,2\n")
    return found


def main(name: str, seconds: str) -> None:
    """Fuzz one target for so many seconds."""
    target = TARGETS[name]
    with tempfile.TemporaryDirectory(prefix="oro-prima-fuzz-") as folder:
        for number, body in enumerate(seeds()):
            (Path(folder) / f"{number}").write_bytes(body)
        options = [
            f"-max_total_time={seconds}",
            "-max_len=6000",
            "-print_final_stats=1",
            "-rss_limit_mb=2000",
        ]
        atheris.Setup([sys.argv[0], *options, folder], target)
        atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
