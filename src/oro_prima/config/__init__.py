"""The configuration of one pair: one TOML file, loaded whole or refused with every fault."""

from oro_prima.config.loading import build_config, load_config
from oro_prima.config.tables import read_links
from oro_prima.config.tree import Config, StoreConfig

__all__ = ["Config", "StoreConfig", "build_config", "load_config", "read_links"]
