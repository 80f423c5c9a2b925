"""Stores: in memory, the oracle of tests; in one SQLite file, the default."""

from oro_prima.stores.memory import MemoryStore
from oro_prima.stores.operations import FileBook
from oro_prima.stores.sqlite import SqliteStore

__all__ = ["FileBook", "MemoryStore", "SqliteStore"]
