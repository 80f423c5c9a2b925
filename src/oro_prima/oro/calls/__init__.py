"""Calls to OroCommerce: flat verb-noun functions that write requests and read answers, no I/O."""
