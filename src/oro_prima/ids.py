"""Identifiers: opaque texts that must not be mixed up. All are `str` at run time."""

from __future__ import annotations

from typing import NewType

PairId = NewType("PairId", str)
"""One Oro organisation plus one Prima company; part of every key in the store."""

OroOrderId = NewType("OroOrderId", str)
OroLineId = NewType("OroLineId", str)
OroCustomerId = NewType("OroCustomerId", str)
OroProductId = NewType("OroProductId", str)
OroLevelId = NewType("OroLevelId", str)
OroUnitPrecisionId = NewType("OroUnitPrecisionId", str)
OroOperationId = NewType("OroOperationId", str)
OroSku = NewType("OroSku", str)
"""A product's SKU as Oro spells it; compared as it is, with case."""

UnitCode = NewType("UnitCode", str)
"""Code of a product unit in Oro, such as `each` or `pallet`."""

PrimaAccount = NewType("PrimaAccount", str)
PrimaCompany = NewType("PrimaCompany", str)
PrimaOrderNumber = NewType("PrimaOrderNumber", str)
"""Digits, chosen by us: prefix, Oro id, one digit for deliberate reposts."""

CommandKey = NewType("CommandKey", str)
"""Identity of one intended effect in the ledger; starts with the pair."""
