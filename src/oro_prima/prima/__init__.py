"""Prima: models, calls and configuration of its OM web service."""
