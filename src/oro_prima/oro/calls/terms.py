"""Tax codes, taxes, payment terms."""

from __future__ import annotations

from oro_prima.call import Page
from oro_prima.oro.calls.jsonapi import ApiCall
from oro_prima.oro.calls.records import PAGE, get_record, list_records
from oro_prima.oro.calls.writing import create_record, delete_record, update_record
from oro_prima.oro.models.terms import (
    CUSTOMER_TAX_CODES,
    PAYMENT_TERMS,
    PRODUCT_TAX_CODES,
    TAX_JURISDICTIONS,
    TAX_RULES,
    TAXES,
    CustomerTaxCode,
    CustomerTaxCodeFields,
    CustomerTaxCodeFilter,
    PaymentTerm,
    PaymentTermFields,
    PaymentTermFilter,
    ProductTaxCode,
    ProductTaxCodeFields,
    ProductTaxCodeFilter,
    Tax,
    TaxFields,
    TaxFilter,
    TaxJurisdiction,
    TaxJurisdictionFields,
    TaxJurisdictionFilter,
    TaxRule,
    TaxRuleFields,
    TaxRuleFilter,
)


def list_customer_tax_codes(
    *, where: CustomerTaxCodeFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[CustomerTaxCode]]:
    """Read customer tax codes, page by page; all of them without a filter."""
    return list_records(CUSTOMER_TAX_CODES, where=where, after=after, size=size)


def get_customer_tax_code(code: str) -> ApiCall[CustomerTaxCode]:
    """Read a customer tax code by its id."""
    return get_record(CUSTOMER_TAX_CODES, key=code)


def create_customer_tax_code(fields: CustomerTaxCodeFields) -> ApiCall[CustomerTaxCode]:
    """Make a customer tax code."""
    return create_record(CUSTOMER_TAX_CODES, fields=fields)


def update_customer_tax_code(
    code: str, *, fields: CustomerTaxCodeFields
) -> ApiCall[CustomerTaxCode]:
    """Change a customer tax code; what is not named stays."""
    return update_record(CUSTOMER_TAX_CODES, key=code, fields=fields)


def delete_customer_tax_code(code: str) -> ApiCall[None]:
    """Delete a customer tax code."""
    return delete_record(CUSTOMER_TAX_CODES, key=code)


def list_product_tax_codes(
    *, where: ProductTaxCodeFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[ProductTaxCode]]:
    """Read product tax codes, page by page; all of them without a filter."""
    return list_records(PRODUCT_TAX_CODES, where=where, after=after, size=size)


def get_product_tax_code(code: str) -> ApiCall[ProductTaxCode]:
    """Read a product tax code by its id."""
    return get_record(PRODUCT_TAX_CODES, key=code)


def create_product_tax_code(fields: ProductTaxCodeFields) -> ApiCall[ProductTaxCode]:
    """Make a product tax code."""
    return create_record(PRODUCT_TAX_CODES, fields=fields)


def update_product_tax_code(code: str, *, fields: ProductTaxCodeFields) -> ApiCall[ProductTaxCode]:
    """Change a product tax code; what is not named stays."""
    return update_record(PRODUCT_TAX_CODES, key=code, fields=fields)


def delete_product_tax_code(code: str) -> ApiCall[None]:
    """Delete a product tax code."""
    return delete_record(PRODUCT_TAX_CODES, key=code)


def list_taxes(
    *, where: TaxFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[Tax]]:
    """Read taxes, page by page; all of them without a filter."""
    return list_records(TAXES, where=where, after=after, size=size)


def get_tax(tax: str) -> ApiCall[Tax]:
    """Read a tax by its id."""
    return get_record(TAXES, key=tax)


def create_tax(fields: TaxFields) -> ApiCall[Tax]:
    """Make a tax."""
    return create_record(TAXES, fields=fields)


def update_tax(tax: str, *, fields: TaxFields) -> ApiCall[Tax]:
    """Change a tax; what is not named stays."""
    return update_record(TAXES, key=tax, fields=fields)


def delete_tax(tax: str) -> ApiCall[None]:
    """Delete a tax."""
    return delete_record(TAXES, key=tax)


def list_tax_jurisdictions(
    *, where: TaxJurisdictionFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[TaxJurisdiction]]:
    """Read tax jurisdictions, page by page; all of them without a filter."""
    return list_records(TAX_JURISDICTIONS, where=where, after=after, size=size)


def get_tax_jurisdiction(jurisdiction: str) -> ApiCall[TaxJurisdiction]:
    """Read a tax jurisdiction by its id."""
    return get_record(TAX_JURISDICTIONS, key=jurisdiction)


def create_tax_jurisdiction(fields: TaxJurisdictionFields) -> ApiCall[TaxJurisdiction]:
    """Make a tax jurisdiction."""
    return create_record(TAX_JURISDICTIONS, fields=fields)


def update_tax_jurisdiction(
    jurisdiction: str, *, fields: TaxJurisdictionFields
) -> ApiCall[TaxJurisdiction]:
    """Change a tax jurisdiction; what is not named stays."""
    return update_record(TAX_JURISDICTIONS, key=jurisdiction, fields=fields)


def delete_tax_jurisdiction(jurisdiction: str) -> ApiCall[None]:
    """Delete a tax jurisdiction."""
    return delete_record(TAX_JURISDICTIONS, key=jurisdiction)


def list_tax_rules(
    *, where: TaxRuleFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[TaxRule]]:
    """Read tax rules, page by page; all of them without a filter."""
    return list_records(TAX_RULES, where=where, after=after, size=size)


def get_tax_rule(rule: str) -> ApiCall[TaxRule]:
    """Read a tax rule by its id."""
    return get_record(TAX_RULES, key=rule)


def create_tax_rule(fields: TaxRuleFields) -> ApiCall[TaxRule]:
    """Make a tax rule."""
    return create_record(TAX_RULES, fields=fields)


def update_tax_rule(rule: str, *, fields: TaxRuleFields) -> ApiCall[TaxRule]:
    """Change a tax rule; what is not named stays."""
    return update_record(TAX_RULES, key=rule, fields=fields)


def delete_tax_rule(rule: str) -> ApiCall[None]:
    """Delete a tax rule."""
    return delete_record(TAX_RULES, key=rule)


def list_payment_terms(
    *, where: PaymentTermFilter | None = None, after: int = 0, size: int = PAGE
) -> ApiCall[Page[PaymentTerm]]:
    """Read payment terms, page by page; all of them without a filter."""
    return list_records(PAYMENT_TERMS, where=where, after=after, size=size)


def get_payment_term(term: str) -> ApiCall[PaymentTerm]:
    """Read a payment term by its id."""
    return get_record(PAYMENT_TERMS, key=term)


def create_payment_term(fields: PaymentTermFields) -> ApiCall[PaymentTerm]:
    """Make a payment term."""
    return create_record(PAYMENT_TERMS, fields=fields)


def update_payment_term(term: str, *, fields: PaymentTermFields) -> ApiCall[PaymentTerm]:
    """Change a payment term; what is not named stays."""
    return update_record(PAYMENT_TERMS, key=term, fields=fields)


def delete_payment_term(term: str) -> ApiCall[None]:
    """Delete a payment term."""
    return delete_record(PAYMENT_TERMS, key=term)
