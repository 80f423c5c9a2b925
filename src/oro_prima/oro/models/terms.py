"""Tax codes, taxes, payment terms."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import TypedDict

from attrs import frozen

from oro_prima.oro.models.filters import IdFilter, TextFilter
from oro_prima.oro.models.resource import Resource, ResourceType, one


@frozen
class CustomerTaxCode:
    """A tax code of customers; `code` cannot be filtered: list and compare."""

    id: str
    code: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    updated_at: datetime | None = None
    organization: str | None = None
    owner: str | None = None


class CustomerTaxCodeFields(TypedDict, total=False):
    """What can be written of a customer tax code; a name left out is left as it is."""

    code: str | None
    created_at: datetime | None
    description: str | None
    organization: str | None
    owner: str | None


class CustomerTaxCodeFilter(TypedDict, total=False):
    """What customer tax codes can be found by."""

    id: IdFilter
    organization: IdFilter
    owner: IdFilter


CUSTOMER_TAX_CODES: Resource[CustomerTaxCode, CustomerTaxCodeFields, CustomerTaxCodeFilter] = (
    Resource(
        ResourceType(
            "customertaxcodes",
            ("code", "createdAt", "description", "updatedAt"),
            {"organization": one("organizations"), "owner": one("users")},
            lengths={"code": 255},
        ),
        CustomerTaxCode,
    )
)


@frozen
class ProductTaxCode:
    """A tax code of products; `code` cannot be filtered: list and compare."""

    id: str
    code: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    updated_at: datetime | None = None
    organization: str | None = None


class ProductTaxCodeFields(TypedDict, total=False):
    """What can be written of a product tax code; a name left out is left as it is."""

    code: str | None
    created_at: datetime | None
    description: str | None
    organization: str | None


class ProductTaxCodeFilter(TypedDict, total=False):
    """What product tax codes can be found by."""

    id: IdFilter
    organization: IdFilter


PRODUCT_TAX_CODES: Resource[ProductTaxCode, ProductTaxCodeFields, ProductTaxCodeFilter] = Resource(
    ResourceType(
        "producttaxcodes",
        ("code", "createdAt", "description", "updatedAt"),
        {"organization": one("organizations")},
        lengths={"code": 255},
    ),
    ProductTaxCode,
)


@frozen
class Tax:
    """A tax; `rate` is a fraction, 0.2 for 20 %."""

    id: str
    code: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    rate: Decimal | None = None
    updated_at: datetime | None = None


class TaxFields(TypedDict, total=False):
    """What can be written of a tax; a name left out is left as it is."""

    code: str | None
    created_at: datetime | None
    description: str | None
    rate: Decimal | None


class TaxFilter(TypedDict, total=False):
    """What taxes can be found by."""

    id: IdFilter
    code: TextFilter


TAXES: Resource[Tax, TaxFields, TaxFilter] = Resource(
    ResourceType(
        "taxes",
        ("code", "createdAt", "description", "rate", "updatedAt"),
        lengths={"code": 255},
    ),
    Tax,
)


@frozen
class TaxJurisdiction:
    """Where a tax is due."""

    id: str
    code: str | None = None
    created_at: datetime | None = None
    description: str | None = None
    region_text: str | None = None
    updated_at: datetime | None = None
    zip_codes: tuple[str, ...] | None = None
    country: str | None = None
    region: str | None = None


class TaxJurisdictionFields(TypedDict, total=False):
    """What can be written of a tax jurisdiction; a name left out is left as it is."""

    code: str | None
    created_at: datetime | None
    description: str | None
    region_text: str | None
    zip_codes: tuple[str, ...] | None
    country: str | None
    region: str | None


class TaxJurisdictionFilter(TypedDict, total=False):
    """What tax jurisdictions can be found by."""

    id: IdFilter
    code: TextFilter
    country: IdFilter
    region: IdFilter


TAX_JURISDICTIONS: Resource[TaxJurisdiction, TaxJurisdictionFields, TaxJurisdictionFilter] = (
    Resource(
        ResourceType(
            "taxjurisdictions",
            ("code", "createdAt", "description", "regionText", "updatedAt", "zipCodes"),
            {"country": one("countries"), "region": one("regions")},
            lengths={"code": 255, "regionText": 255},
        ),
        TaxJurisdiction,
    )
)


@frozen
class TaxRule:
    """Which tax applies to which codes, and where."""

    id: str
    created_at: datetime | None = None
    description: str | None = None
    updated_at: datetime | None = None
    customer_tax_code: str | None = None
    organization: str | None = None
    product_tax_code: str | None = None
    tax: str | None = None
    tax_jurisdiction: str | None = None


class TaxRuleFields(TypedDict, total=False):
    """What can be written of a tax rule; a name left out is left as it is."""

    created_at: datetime | None
    description: str | None
    customer_tax_code: str | None
    organization: str | None
    product_tax_code: str | None
    tax: str | None
    tax_jurisdiction: str | None


class TaxRuleFilter(TypedDict, total=False):
    """What tax rules can be found by."""

    id: IdFilter
    customer_tax_code: IdFilter
    organization: IdFilter
    product_tax_code: IdFilter
    tax: IdFilter
    tax_jurisdiction: IdFilter


TAX_RULES: Resource[TaxRule, TaxRuleFields, TaxRuleFilter] = Resource(
    ResourceType(
        "taxrules",
        ("createdAt", "description", "updatedAt"),
        {
            "customerTaxCode": one("customertaxcodes"),
            "organization": one("organizations"),
            "productTaxCode": one("producttaxcodes"),
            "tax": one("taxes"),
            "taxJurisdiction": one("taxjurisdictions"),
        },
    ),
    TaxRule,
)


@frozen
class PaymentTerm:
    """A payment term; `label` cannot be filtered: list and compare."""

    id: str
    label: str | None = None


class PaymentTermFields(TypedDict, total=False):
    """What can be written of a payment term; a name left out is left as it is."""

    label: str | None


class PaymentTermFilter(TypedDict, total=False):
    """What payment terms can be found by."""

    id: IdFilter


PAYMENT_TERMS: Resource[PaymentTerm, PaymentTermFields, PaymentTermFilter] = Resource(
    ResourceType(
        "paymentterms",
        ("label",),
        lengths={"label": 255},
    ),
    PaymentTerm,
)
