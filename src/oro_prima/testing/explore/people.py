"""The people of the explorer: they look at Prima itself and tell the truth."""

from __future__ import annotations

from collections.abc import Iterator

from oro_prima.ids import OroOrderId, PrimaOrderNumber
from oro_prima.reasons import ReasonCode
from oro_prima.records import EntryState, LedgerEntry, RecordState
from oro_prima.sync.people import decide_has, decide_send
from oro_prima.sync.queue import retry_held
from oro_prima.testing.explore.moves import Act, Move
from oro_prima.testing.explore.scene import Scene

REFUSED = frozenset(
    {
        ReasonCode.PRIMA_REFUSED,
        ReasonCode.REQUEST_MALFORMED,
        ReasonCode.ACCOUNT_REFUSED,
        ReasonCode.GOODS_REFUSED,
        ReasonCode.VAT_BASIS_MISMATCH,
        ReasonCode.NUMBER_TAKEN,
    }
)


def moves(scene: Scene) -> Iterator[Move]:
    """Return what a person can decide: of each order in doubt and of each that was refused."""
    for entry in scene.shelf.ledger.values():
        if entry.state is EntryState.DOUBT and (_took(scene, entry) or not entry.may_resend):
            yield Move(Act.HAS if _took(scene, entry) else Act.SEND, int(entry.order))
    for record in scene.shelf.queue.values():
        codes = {reason.code for reason in record.reasons}
        waits = record.state is RecordState.HELD and not record.retry
        if waits and codes & REFUSED and ReasonCode.IN_DOUBT not in codes:
            order = int(record.subject.removeprefix("orders/"))
            there = ReasonCode.NUMBER_TAKEN in codes and scene.book.times(f"ORO-{order}")
            yield Move(Act.HAS if there else Act.RETRY, order)


def _took(scene: Scene, entry: LedgerEntry) -> bool:
    return scene.book.times(f"ORO-{entry.order}") > 0


def act(scene: Scene, move: Move) -> None:
    """Carry out one decision."""
    store, order = scene.writable(), OroOrderId(str(move.place))
    if move.act is Act.RETRY:
        retry_held(store, subject=f"orders/{order}", by="Kim", at=scene.now)
    elif move.act is Act.SEND:
        decide_send(store, order=order, by="Kim", at=scene.now)
    else:
        number = PrimaOrderNumber(_number(scene, order))
        decide_has(store, order=order, number=number, by="Kim", at=scene.now)


def _number(scene: Scene, order: OroOrderId) -> str:
    return next(one.number for one in scene.book.taken if one.reference == f"ORO-{order}")
