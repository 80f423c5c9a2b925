"""Reading capabilities in a flow: by request or from files, or told that it is not available."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TypeVar

from oro_prima.ports import Ports
from oro_prima.prima.calls.bound import read_capability
from oro_prima.prima.models.binding import SoapBinding, binding_of
from oro_prima.prima.models.bound import Bound, typed
from oro_prima.prima.models.capabilities import Capability
from oro_prima.values import SkuKey

T = TypeVar("T")


def is_bound(ports: Ports, capability: Capability) -> bool:
    """Tell whether a flow may count on a capability."""
    return any(known is capability for known, _binding in ports.bindings)


@contextmanager
def gather_capability(
    ports: Ports,
    capability: Capability,
    kind: type[T],
    *,
    about: Mapping[str, str] | None = None,
    skus: Sequence[SkuKey] = (),
) -> Generator[Bound[T], None, None]:
    """
    Give what a capability says, for the length of a block.

    By request it is what was asked for. From files it is all that came: `about` and `skus` choose
    nothing, and the files are done at the end of the block.

    Args:
        ports: What the flow acts through.
        capability: What is wanted.
        kind: The class of its records, such as `Despatch`.
        about: Parameters of the request, such as `order_number`.
        skus: The SKUs that it is about; asked in parts where they are many.

    Raises:
        ConfigError: `not available: NAME is unbound`, or a directory that is not there.
        CallError: Prima did not answer the request.
    """
    binding = binding_of(ports.bindings, capability)
    if not isinstance(binding, SoapBinding):
        with ports.files.read(capability, binding) as found:
            yield typed(found, kind)
        return
    parts: list[Bound[object]] = []
    for part in _parts(skus, binding.each_size):
        call = read_capability(
            capability,
            binding,
            profile=ports.profile,
            company=ports.pair.company,
            about=about or {},
            skus=part,
        )
        answer = ports.erp.send(call)
        parts.append(answer)
    records = tuple(record for part in parts for record in part.records)
    faults = tuple(fault for part in parts for fault in part.faults)
    yield typed(Bound(records, faults), kind)


def _parts(skus: Sequence[SkuKey], size: int) -> list[Sequence[SkuKey]]:
    return [skus[at : at + size] for at in range(0, len(skus), size)] or [()]
