"""The configuration of one pair: one TOML file, loaded whole or refused with every fault."""

from oro_prima.config.fixing import fix_charge, fix_unit
from oro_prima.config.flows import FlowPolicies
from oro_prima.config.loading import build_config, build_policies, build_prima, load_config
from oro_prima.config.rendering import links_csv, policies_tree, toml_text, units_csv
from oro_prima.config.tables import (
    add_charge_row,
    add_unit_row,
    link_rows,
    read_adoptions,
    read_links,
)
from oro_prima.config.tree import Config, OtherPair, Policies, StoreConfig, policies_of
from oro_prima.config.webhooks import WebhookConfig

__all__ = [
    "Config",
    "FlowPolicies",
    "OtherPair",
    "Policies",
    "StoreConfig",
    "WebhookConfig",
    "add_charge_row",
    "add_unit_row",
    "build_config",
    "build_policies",
    "build_prima",
    "fix_charge",
    "fix_unit",
    "link_rows",
    "links_csv",
    "load_config",
    "policies_of",
    "policies_tree",
    "read_adoptions",
    "read_links",
    "toml_text",
    "units_csv",
]
