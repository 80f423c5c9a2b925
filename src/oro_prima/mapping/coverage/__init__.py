"""
Prove coverage: is everything that can occur in an order mapped to exactly one live target?

Both sides' catalogues are values, from files, from the APIs or from sandboxes. What is asked of
each thing is the rule itself: the smallest order that holds it is mapped, so that a check that
passes cannot disagree with the day's work.
"""

from __future__ import annotations

from oro_prima.mapping.coverage.catalogues import (
    CoverageFacts,
    Entity,
    ErpCatalogue,
    ShopCatalogue,
    ShopCustomer,
    SoldUnit,
)
from oro_prima.mapping.coverage.check import CoveragePolicy, check_coverage
from oro_prima.mapping.coverage.findings import CoverageReport, Gap, Problem
from oro_prima.mapping.coverage.probes import SmallestOrder, smallest_order
from oro_prima.mapping.coverage.sales import Sale, revenue_of, sales_of

__all__ = [
    "CoverageFacts",
    "CoveragePolicy",
    "CoverageReport",
    "Entity",
    "ErpCatalogue",
    "Gap",
    "Problem",
    "Sale",
    "ShopCatalogue",
    "ShopCustomer",
    "SmallestOrder",
    "SoldUnit",
    "check_coverage",
    "revenue_of",
    "sales_of",
    "smallest_order",
]
