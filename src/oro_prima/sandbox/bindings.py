"""The sandbox's own request types as bindings of a profile: a worked example of each."""

BINDINGS = """\
[prima.capabilities.account]
via = "soap"
request_type = "XCustomer"
request = { Customer = "{account}" }
items = "Data"
fields = { code = "@Customer", name = "@Name", price_book = "@PriceBook", \
vat_inclusive = "@VatInclusive", currency = "@Currency", terms = "@PaymentTerms", \
on_stop = "@OnStop", credit_limit = "@CreditLimit", balance = "@Balance", group = "@PriceBook" }
[prima.capabilities.account.lines]
items = "Address"
fields = { number = "@AddrNo", use = "@Use", line1 = "@AddrLine1", line2 = "@AddrLine2", \
postcode = "@PostCode", country = "@Country" }

[prima.capabilities.price_book]
via = "soap"
request_type = "XPriceBook"
request = { PriceBook = "{book}", ProductFrom = "{first}", ProductTo = "{last}" }
items = "Data/Price"
fields = { book = "../@PriceBook", currency = "../@Currency", vat_inclusive = "../@VatInclusive", \
product = "@Product", m1 = "@MtrxCode1", m2 = "@MtrxCode2", quantity = "@MinQuantity", \
unit = "@Unit", price = "@Price", valid_from = "@ValidFrom", valid_to = "@ValidTo" }

[prima.capabilities.product]
via = "soap"
request_type = "XProduct"
request = { ProductFrom = "{first}", ProductTo = "{last}" }
items = "Data/Item/Sku"
fields = { product = "../@Product", m1 = "@MtrxCode1", m2 = "@MtrxCode2", m3 = "@MtrxCode3", \
m4 = "@MtrxCode4", description = "../@Description", unit = "../@Unit", vat_code = "../@VatCode", \
barcode = "@Barcode", discontinued = "../@Discontinued" }

[prima.capabilities.despatch]
via = "soap"
request_type = "XDespatch"
request = { OrderNumber = "{order_number}" }
items = "Data/Despatch"
fields = { order_number = "../@OrderNumber", number = "@DespatchNumber", date = "@DespatchDate", \
carrier = "@Carrier", service = "@CarrServ", tracking = "@TrackingNumber" }
[prima.capabilities.despatch.lines]
items = "DespatchLine"
fields = { order_line = "@OrderLine", product = "@Product", m1 = "@MtrxCode1", \
m2 = "@MtrxCode2", m3 = "@MtrxCode3", m4 = "@MtrxCode4", quantity = "@Quantity" }

[prima.capabilities.invoice]
via = "soap"
request_type = "XInvoice"
request = { OrderNumber = "{order_number}", InvoiceNumber = "" }
items = "Data/Invoice"
fields = { number = "@InvoiceNumber", date = "@InvoiceDate", order_number = "../@OrderNumber", \
currency = "@Currency", net = "@Net", vat = "@Vat", gross = "@Gross", credit = "@Credit", \
despatch = "@DespatchNumber" }
[prima.capabilities.invoice.lines]
items = "InvoiceLine"
fields = { order_line = "@OrderLine", quantity = "@Quantity", price = "@Price", net = "@Net", \
vat_code = "@VatCode", vat_rate = "@VatRate" }

[prima.capabilities.stock_breakdown]
via = "soap"
request_type = "XStock"
request = { Warehouse = "{warehouse}" }
items = "Data/sku"
fields = { product = "@Product", m1 = "@MtrxCode1", m2 = "@MtrxCode2", m3 = "@MtrxCode3", \
m4 = "@MtrxCode4", warehouse = "@Warehouse", physical = "@Physical", allocated = "@Allocated", \
free = "@Free", on_order = "@OnOrder", next_due = "@NextDueDate" }
[prima.capabilities.stock_breakdown.each]
element = "sku"
attributes = { Product = "{product}", MtrxCode1 = "{m1}", MtrxCode2 = "{m2}", \
MtrxCode3 = "{m3}", MtrxCode4 = "{m4}" }
"""
