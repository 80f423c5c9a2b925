"""
Real processes in trouble: killed anywhere, a full disk, a read-only store, a clock that jumps.

`python -m oro_prima.testing.hardship CONFIG TROUBLE NTH` runs the orders flow; a byte on its pipe
proves that the trouble began, what follows is the error it ended with. Another process then goes on
from the store file alone, without the trouble.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from enum import Enum
from pathlib import Path
from random import Random

from attrs import frozen

from oro_prima.config import load_config
from oro_prima.errors import OroPrimaError
from oro_prima.sandbox import TradingDay, trading_day
from oro_prima.sync import sync_orders
from oro_prima.testing.killing import Killed, counted, settle_later
from oro_prima.wiring import connect, system_clock

__all__ = ["Endured", "Trouble", "endure", "kill_anywhere"]

MOST_CALLS = 1_000_000


class Trouble(Enum):
    """What a process meets, and after which step of its second order."""

    FULL_BEFORE = "the disk takes nothing more, before a claim"
    FULL_AFTER = "the disk takes nothing more, after an order was sent"
    READ_ONLY = "the store may only be read"
    AHEAD = "the clock jumps ahead by two days, after a claim"
    BACK = "the clock jumps back by two days, after a claim"


AT = {
    Trouble.FULL_BEFORE: "before-claim",
    Trouble.FULL_AFTER: "after-send",
    Trouble.AHEAD: "after-claim",
    Trouble.BACK: "after-claim",
}
JUMPS = {Trouble.AHEAD: timedelta(days=2), Trouble.BACK: timedelta(days=-2)}


@frozen
class Endured:
    """
    What became of a process in trouble.

    Attributes:
        said: The error that its run ended with; empty where it ended well.
        came: What came of it once the trouble was over.
    """

    trouble: Trouble
    said: str
    came: Killed


def endure(trouble: Trouble, *, nth: int = 2, seed: int = 3) -> Endured:
    """Let a process meet a trouble, go on without it, and count from outside what came of it."""
    with trading_day(seed=seed) as day:
        with ExitStack() as stack:
            if trouble is Trouble.READ_ONLY:
                stack.enter_context(_only_read(day.config.store.path))
            command = _command(day, trouble.name, nth)
            child = subprocess.run(command, stdout=subprocess.PIPE, check=False)  # noqa: S603
        said = child.stdout.decode()
        if not said.startswith("!"):
            msg = f"the child ended before its trouble began: {trouble.value}"
            raise RuntimeError(msg)
        settle_later(day)
        return Endured(trouble, said[1:], counted(day, trouble.name, nth))


def kill_anywhere(seed: int) -> Killed:
    """Kill a process at any call of any function, which the seed chooses, with SIGKILL."""
    nth = Random(f"kill {seed}").randrange(1, MOST_CALLS)  # noqa: S311 - no secret
    while True:
        with trading_day(seed=3) as day:
            calls = _killed(day, nth)
            if calls is None:
                settle_later(day)
                return counted(day, "anywhere", nth)
            nth = nth % calls + 1


def _killed(day: TradingDay, nth: int) -> int | None:
    """Kill a process at its nth call; where it ended before, return how many calls it made."""
    command = _command(day, "KILL", nth)
    with subprocess.Popen(command, stdout=subprocess.PIPE) as child:  # noqa: S603
        assert child.stdout is not None
        first = child.stdout.read(1)
        if first == b"!":
            child.kill()
            return None
        return int(first + child.stdout.read())


def _command(day: TradingDay, trouble: str, nth: int) -> list[str]:
    config = str(day.directory / "oro-prima.toml")
    command = [sys.executable, "-m", "oro_prima.testing.hardship", config, trouble, str(nth)]
    setpriv = shutil.which("setpriv")
    if trouble == Trouble.READ_ONLY.name and os.geteuid() == 0 and setpriv is not None:
        return [setpriv, "--bounding-set=-dac_override", "--", *command]  # else root may write all
    return command


@contextmanager
def _only_read(store: Path) -> Generator[None]:
    """Take away the right to write the store, its log and its folder."""
    places = [store.parent, *store.parent.glob(f"{store.name}*")]
    modes = [place.stat().st_mode for place in places]
    for place, mode in zip(places, modes, strict=True):
        place.chmod(mode & ~0o222)
    try:
        yield
    finally:
        for place, mode in zip(places, modes, strict=True):
            place.chmod(mode)


class _Child:
    """The process in trouble."""

    def __init__(self, trouble: Trouble | None, nth: int) -> None:
        self._trouble, self._left = trouble, nth
        self._jump = timedelta(0)
        self.calls = 0

    def clock(self) -> datetime:
        return system_clock() + self._jump

    def step(self, name: str) -> None:
        if self._trouble is None or name != AT.get(self._trouble):
            return
        self._left -= 1
        if self._left == 0:
            _say("!")
            self._jump = JUMPS.get(self._trouble, timedelta(0))
            if self._trouble not in JUMPS:
                _fill_disk()

    def called(self, _frame: object, event: str, _arg: object) -> None:
        """Count calls; stand still at the nth until the kill comes."""
        self.calls += event in ("call", "c_call")
        if self.calls == self._left:
            _say("!")
            threading.Event().wait()


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def _fill_disk() -> None:
    """Let the system refuse every further byte of every file of this process."""
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))


def main(path: str, trouble: str, nth: str) -> None:
    """Run the orders flow of a configuration into its trouble, and say what it ended with."""
    config = load_config(path)
    child = _Child(None if trouble == "KILL" else Trouble[trouble], int(nth))

    def run() -> None:
        with connect(config, clock=child.clock, step=child.step) as ports:
            sync_orders(ports, config.orders)

    if trouble == "KILL":
        _counting(child, run)
        return
    if Trouble[trouble] is Trouble.READ_ONLY:
        _say("!")
    try:
        run()
    except OroPrimaError as error:
        _say(f"{type(error).__name__}: {error}")


def _counting(child: _Child, run: Callable[[], None]) -> None:
    sys.setprofile(child.called)
    run()
    sys.setprofile(None)
    _say(str(child.calls))


if __name__ == "__main__":
    main(*sys.argv[1:4])
