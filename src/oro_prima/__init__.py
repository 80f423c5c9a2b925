"""Orders, stock and the books between OroCommerce and Prima."""
