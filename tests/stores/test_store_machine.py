"""The default store says the same as the oracle, whatever is done to both."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings

from oro_prima.ports import Clock, Store
from oro_prima.stores import SqliteStore
from oro_prima.testing.store_facts import PAIR
from oro_prima.testing.store_machine import StoreMachine


class SqliteMachine(StoreMachine):
    """SQLite against memory."""

    def open_store(self, clock: Clock) -> Store:
        self.folder = tempfile.TemporaryDirectory()
        return SqliteStore.open(Path(self.folder.name) / "s.db", pair=PAIR, clock=clock)

    def teardown(self) -> None:
        super().teardown()
        self.folder.cleanup()


TestSqliteMachine = SqliteMachine.TestCase
TestSqliteMachine.settings = settings(max_examples=25, stateful_step_count=25, deadline=None)
