"""OroCommerce as it behaves: the back-office API, shoppers, and a log of what happened."""

from oro_prima.sandbox.oro.app import OroSandbox
from oro_prima.sandbox.oro.views import Event, Level, OrderLine, OrderView, OutOfStock

__all__ = ["Event", "Level", "OrderLine", "OrderView", "OroSandbox", "OutOfStock"]
