"""OroCommerce: models, calls and configuration of its back-office API."""
