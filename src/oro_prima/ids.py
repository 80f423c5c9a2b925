"""Identifiers: opaque texts that must not be mixed up. All are `str` at run time."""

from __future__ import annotations

from typing import NewType

PairId = NewType("PairId", str)
"""One Oro organisation plus one Prima company; part of every key in the store."""

OroOrderId = NewType("OroOrderId", str)
"""An order in OroCommerce; digits, compared as integers where an order of ids matters."""

OroLineId = NewType("OroLineId", str)
"""A line of an order in OroCommerce."""

OroCustomerId = NewType("OroCustomerId", str)
"""A customer (a company, not a person) in OroCommerce."""

OroProductId = NewType("OroProductId", str)
"""A product in OroCommerce; stock belongs to its units."""

OroCategoryId = NewType("OroCategoryId", str)
"""A category of products; what a product does not say, its category may."""

OroLevelId = NewType("OroLevelId", str)
"""The inventory level of one product unit."""

OroUnitPrecisionId = NewType("OroUnitPrecisionId", str)
"""A product's unit and its precision; what a level belongs to."""

OroOperationId = NewType("OroOperationId", str)
"""An asynchronous operation in OroCommerce."""

OroSku = NewType("OroSku", str)
"""A product's SKU as Oro spells it; compared as it is, with case."""

UnitCode = NewType("UnitCode", str)
"""Code of a product unit in Oro, such as `each` or `pallet`."""

OroPriceListId = NewType("OroPriceListId", str)
"""A price list in OroCommerce; digits, compared as integers where two have one `sortOrder`."""

OroCustomerGroupId = NewType("OroCustomerGroupId", str)
"""A customer group in OroCommerce; guests have one too."""

OroWebsiteId = NewType("OroWebsiteId", str)
"""A website in OroCommerce; assignments of price lists are made for one."""

PrimaAccount = NewType("PrimaAccount", str)
"""Prima's customer record."""

PrimaCompany = NewType("PrimaCompany", str)
"""A company in Prima; each has accounts, stock and order numbers of its own."""

PrimaPriceBook = NewType("PrimaPriceBook", str)
"""Code of a price book in Prima."""

PrimaOrderNumber = NewType("PrimaOrderNumber", str)
"""Digits, chosen by us: prefix, Oro id, one digit for deliberate reposts."""

CommandKey = NewType("CommandKey", str)
"""Identity of one intended effect in the ledger; starts with the pair."""
