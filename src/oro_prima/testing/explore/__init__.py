"""
The bounded proof: every state that the engine can reach, looked at once.

The engine runs as it is, over ports that hand over at each call; whatever can happen between two
calls (crash, loss, delay, another run, the clock, a person) is tried at each, systematically.
"""

from oro_prima.testing.explore.erp import Fate
from oro_prima.testing.explore.laws import Law
from oro_prima.testing.explore.scenario import Look, Scenario, one_order, two_orders
from oro_prima.testing.explore.search import Finding, Report, explore
from oro_prima.testing.explore.shop import Shop, ShopOrder

__all__ = [
    "Fate",
    "Finding",
    "Law",
    "Look",
    "Report",
    "Scenario",
    "Shop",
    "ShopOrder",
    "explore",
    "one_order",
    "two_orders",
]
