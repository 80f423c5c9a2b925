"""
What an answer means, as one pure function: status, header fields and bytes in, a value out.

Every rule that it applies is in `result`; `docs/reference/outcomes.md` is made by asking it.
"""

from __future__ import annotations

from typing import TypeVar

from oro_prima.call import Call, HttpResponse
from oro_prima.errors import CallError

R = TypeVar("R")


def outcome_of(call: Call[R], response: HttpResponse) -> R | CallError:
    """
    Return what a whole answer to `call` means: its value, or the error that a sender would raise.

    The error says whether the request may have taken effect, and who has to act. Nothing is sent,
    kept or logged, so an answer that was kept elsewhere can be judged again.
    """
    try:
        decoder = call.decoder(response.head)
        decoder.feed(response.body)
        return decoder.close()
    except CallError as error:
        return error
