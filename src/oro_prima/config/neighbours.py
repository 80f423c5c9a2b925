"""Pairs that sell from one pool of one Prima: those of the same directory, found by their files."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from pathlib import Path

from attrs import evolve

from oro_prima.config.tree import Config, OtherPair
from oro_prima.config.versions import current_tree
from oro_prima.converters import is_object
from oro_prima.errors import ConfigError
from oro_prima.mapping.policy import PoolMode, StockPolicy
from oro_prima.prima.config import service_url

Loader = Callable[[Path], Config]


def with_neighbours(config: Config, place: Path, load: Loader) -> Config:
    """
    Return the configuration with the other pairs of its directory that share its pool.

    One whose file says so and cannot be loaded is named with its faults: a run of stock raises
    nothing then, and every other flow goes on.

    Args:
        config: As loaded from `place`.
        place: Its file; each TOML file beside it may be a pair.
        load: Loads another file, without its neighbours.

    Raises:
        ConfigError: the pairs contradict each other, such as with shares above 1 together.
    """
    key = _pool(config.stock.pool, config.prima.url, config.prima.company)
    found = tuple(
        _other(path, load)
        for path in sorted(place.absolute().parent.glob("*.toml"))
        if path.name != place.name and _pool_of(path) == key
    )
    others = tuple(one for one in found if one.config is None or one.config.pair != config.pair)
    faults = tuple(_contradictions(config.stock, others))
    if faults:
        raise ConfigError(faults)
    return evolve(config, others=others)


def _other(path: Path, load: Loader) -> OtherPair:
    try:
        return OtherPair(path.stem, load(path))
    except ConfigError as error:
        return OtherPair(path.stem, None, "; ".join(error.faults))


def _pool_of(path: Path) -> str:
    """Return the pool that a file names; empty for one that is no pair, or cannot be read."""
    try:
        tree = current_tree(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, ConfigError):
        return ""
    prima, stock = _table(tree, "prima"), _table(tree, "stock")
    try:
        url = service_url(str(prima.get("url", "")))
    except ConfigError:
        return ""
    return _pool(str(stock.get("pool", "")), url, str(prima.get("company", "1")))


def _table(tree: Mapping[str, object], name: str) -> Mapping[str, object]:
    found = tree.get(name, {})
    return found if is_object(found) else {}


def _pool(name: str, url: str, company: str) -> str:
    return name or f"{url.casefold()}|{company.strip()}"


def _contradictions(stock: StockPolicy, others: tuple[OtherPair, ...]) -> Iterator[str]:
    known = [(one.name, one.config.stock) for one in others if one.config is not None]
    names = ", ".join(name for name, _stock in known)
    shares = sum(Fraction(one.pool_share) for one in (stock, *(one for _name, one in known)))
    if shares > 1 and stock.pool_mode is PoolMode.STRICT:
        yield (
            f"stock.pool_share: this pair and {names} sell from one Prima company, and their "
            f"shares add up to more than 1. Give each its share, another "
            'stock.pool where the stock is another one, or say stock.pool_mode = "per-shop"'
        )
    for name, one in known:
        for key in ("pool_mode", "figure", "prima_reserves", "released_statuses"):
            if getattr(one, key) != getattr(stock, key):
                yield f"stock.{key}: expected what {name} says, which sells from the same pool"
