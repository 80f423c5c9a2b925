"""Policies of the flows that a profile's bindings make possible: invoices and the like."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from oro_prima.mapping.invoices import InvoicePolicy

FLOW_SECTIONS = ("invoices",)


@frozen
class FlowPolicies:
    """What the business decides of each of these flows."""

    invoices: InvoicePolicy = field(factory=InvoicePolicy)

    @property
    def sections(self) -> dict[str, object]:
        """The policy that each section is read into."""
        return {"invoices": self.invoices}


def read_flows(values: Mapping[str, dict[str, object]]) -> FlowPolicies:
    """Build the policies of what their sections say."""
    return FlowPolicies(
        invoices=InvoicePolicy(**values["invoices"]),  # type: ignore[arg-type]
    )
