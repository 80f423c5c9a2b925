"""What a capability that is bound to files needs from the outside."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol

from attrs import frozen

from oro_prima.errors import ConfigError
from oro_prima.prima.models.binding import FileBinding
from oro_prima.prima.models.bound import Bound
from oro_prima.prima.models.capabilities import Capability


class Files(Protocol):
    """Reads what Prima leaves in directories, for capabilities that are bound to files."""

    def read(
        self, capability: Capability, binding: FileBinding
    ) -> AbstractContextManager[Bound[object]]:
        """Give the records of every whole file; done with at the end of the block."""
        ...

    def look(self, capability: Capability, binding: FileBinding) -> Bound[object]:
        """Give the records of every whole file, and leave them where they are."""
        ...


@frozen
class Unmoved:
    """Reads files for a preview: none of them is taken or put away."""

    files: Files

    def read(
        self, capability: Capability, binding: FileBinding
    ) -> AbstractContextManager[Bound[object]]:
        """Give the records of every whole file."""
        return nullcontext(self.look(capability, binding))

    def look(self, capability: Capability, binding: FileBinding) -> Bound[object]:
        """Give the records of every whole file."""
        return self.files.look(capability, binding)


class NoFiles:
    """Nothing that reads files was connected."""

    def read(
        self, capability: Capability, binding: FileBinding
    ) -> AbstractContextManager[Bound[object]]:
        """Raise `ConfigError`."""
        raise ConfigError((f"{capability.value}: bound to {binding.pattern}, with no files",))

    def look(self, capability: Capability, binding: FileBinding) -> Bound[object]:
        """Raise `ConfigError`."""
        return self.read(capability, binding).__enter__()
