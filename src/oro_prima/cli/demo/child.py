"""
A run that is killed: posts one order, says so on a pipe, and waits for the end.

`python -m oro_prima.cli.demo.child CONFIG STEP` writes one byte to its standard output when the
named step is reached, and then does nothing more until it is killed.
"""

from __future__ import annotations

import sys
import threading

from oro_prima.config import load_config
from oro_prima.sync import sync_orders
from oro_prima.wiring import connect


def main(path: str, step: str) -> None:
    """Run the orders flow up to a named step."""

    def stop_there(name: str) -> None:
        if name == step:
            sys.stdout.write("!")
            sys.stdout.flush()
            threading.Event().wait()

    config = load_config(path)
    with connect(config, step=stop_there) as ports:
        report = sync_orders(ports, config.orders)
    sys.stderr.write(f"{step} was never reached: {report.summary()}\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
