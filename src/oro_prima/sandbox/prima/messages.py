"""What the sandbox's Prima says when it refuses: real codes, wording of its own."""

from __future__ import annotations

from attrs import frozen


@frozen
class Message:
    """One message of an `Error` text: number, identifier, wording and where it was raised."""

    number: int
    identifier: str
    text: str
    place: str = "CheckOrders imp/procorders.p"


@frozen
class Wording:
    """
    How messages are written.

    Attributes:
        traces: Add a stack trace to each message, as a server in development mode does.
        latin1: Use letters beyond ASCII.
    """

    traces: bool = True
    latin1: bool = False

    def write(self, messages: tuple[Message, ...]) -> str:
        """Join messages in one text; with traces each starts on a line of its own."""
        texts = [self._one(message) for message in messages]
        return "\n".join(texts) if self.traces else " ".join(texts)

    def _one(self, message: Message) -> str:
        accent = " (refusé, n° ½)" if self.latin1 else ""
        text = f"(E:{message.number}) {message.text}{accent}"
        if not self.traces:
            return text
        place = f"(Msg - E:{message.identifier}): {message.place}"
        return f"{text}  DEV MODE Stack Trace {place} sop/wsomhandler.p"


def duplicate(number: str) -> tuple[Message, ...]:
    """The order number is taken; charges and lines without a header follow."""
    return (
        Message(21, "Exist1", f"An order with number {number} is on file already."),
        general("Lines are left over without a header.", place="LeftOvers imp/procorders.p"),
    )


def price_basis(number: str) -> tuple[Message, ...]:
    """The price book's VAT basis is not the order's; that all lines failed comes first."""
    book = "The price book and the order disagree on prices with VAT."
    return (
        general(f"Order {number} is left without a valid line."),
        Message(548, "VATINCORD", book, "CheckLines imp/procorders.p"),
    )


def general(text: str, *, place: str = "CheckOrders imp/procorders.p") -> Message:
    """A message of the general kind."""
    return Message(194, "ErrMsg", text, place)
