"""Policies of the flows that bindings make possible: invoices, customers, prices."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

from oro_prima.config.lookups import read_codes
from oro_prima.ids import OroCustomerGroupId, OroPriceListId, PrimaPriceBook
from oro_prima.mapping.account_fields import CustomerPolicy
from oro_prima.mapping.invoices import InvoicePolicy
from oro_prima.mapping.price_changes import PriceWritePolicy
from oro_prima.mapping.publication import PublicationPolicy
from oro_prima.mapping.schedule import SchedulePolicy

FLOW_SECTIONS = ("invoices", "customers", "pricing", "publication", "schedule")
FLOW_TABLES = ("customer_groups", "customer_tax_codes", "price_lists")


@frozen
class FlowPolicies:
    """What the business decides of each of these flows."""

    invoices: InvoicePolicy = field(factory=InvoicePolicy)
    customers: CustomerPolicy = field(factory=CustomerPolicy)
    pricing: PriceWritePolicy = field(factory=PriceWritePolicy)
    publication: PublicationPolicy = field(factory=PublicationPolicy)
    schedule: SchedulePolicy = field(factory=SchedulePolicy)

    @property
    def sections(self) -> dict[str, object]:
        """The policy that each section is read into."""
        return {
            "invoices": self.invoices,
            "customers": self.customers,
            "pricing": self.pricing,
            "publication": self.publication,
            "schedule": self.schedule,
        }

    @property
    def tables(self) -> dict[str, dict[str, str]]:
        """The tables as they stand in a file."""
        lists = {str(book): str(one) for book, one in self.customers.price_lists.items()}
        return {
            "customer_groups": {code: str(one) for code, one in self.customers.groups.items()},
            "customer_tax_codes": dict(self.customers.tax_codes),
            "price_lists": lists,
        }


def read_flows(
    tree: Mapping[str, object],
    values: Mapping[str, Mapping[str, object]],
    faults: list[str],
) -> FlowPolicies:
    """Build the policies of what their sections and tables say."""
    groups = read_codes(tree, "customer_groups", '{ TRADE = "3" }', faults)
    tax_codes = read_codes(tree, "customer_tax_codes", '{ UK = "1" }', faults)
    lists = read_codes(tree, "price_lists", '{ TRADE-GBP = "4" }', faults)
    for name, table in (("customer_groups", groups), ("customer_tax_codes", tax_codes)):
        wrong = (key for key, one in table.items() if not one.isdigit())
        faults += [f"{name}.{key}: expected an id" for key in wrong]
    faults += _list_faults(lists)
    return FlowPolicies(
        publication=PublicationPolicy(**values["publication"]),  # type: ignore[arg-type]
        schedule=SchedulePolicy(**values["schedule"]),  # type: ignore[arg-type]
        pricing=PriceWritePolicy(**values["pricing"]),  # type: ignore[arg-type]
        invoices=InvoicePolicy(**values["invoices"]),  # type: ignore[arg-type]
        customers=CustomerPolicy(
            **values["customers"],  # type: ignore[arg-type]
            groups={code: OroCustomerGroupId(one) for code, one in groups.items()},
            tax_codes=tax_codes,
            price_lists={PrimaPriceBook(book): OroPriceListId(one) for book, one in lists.items()},
        ),
    )


def _list_faults(lists: Mapping[str, str]) -> list[str]:
    """Name each list that is no id, or that two books would be written into."""
    faults = [f"price_lists.{b}: expected an id" for b, one in lists.items() if not one.isdigit()]
    twice = {one for one in lists.values() if list(lists.values()).count(one) > 1}
    return faults + [
        f"price_lists: list {one} is made of more than one book" for one in sorted(twice)
    ]
