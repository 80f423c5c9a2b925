"""
Every setting: where it stands, what it means, what its default is and how surely it is known.

The loader reads by this table; `oro-prima init` and `oro-prima go-live` write by it.
"""

from __future__ import annotations

from enum import StrEnum

from attrs import frozen

from oro_prima.config import readers as r
from oro_prima.config.readers import Reader
from oro_prima.mapping.customers import Inherit, SharedAccounts, StoppedAccount, UnknownShipTo
from oro_prima.mapping.policy import (
    DiscountOwner,
    Duplicates,
    Inexact,
    Overflow,
    PriceBasis,
    PrimaReserves,
    PublishedFigure,
    StockMode,
    WriteBack,
)
from oro_prima.mapping.product_units import UnitMode
from oro_prima.mapping.statuses import PromotionGuard, Writes
from oro_prima.prima.models.profile import CharsetPolicy, OrderRequest, Style


class Evidence(StrEnum):
    """How surely a default is known."""

    CHOICE = "choice"
    """Yours or the business's to choose."""
    EVIDENCED = "evidenced"
    INFERRED = "inferred"
    ASK = "to be asked"


@frozen
class Setting:
    """
    One setting.

    Attributes:
        section: Its table in the file.
        name: Its key.
        read: Reads its value.
        meaning: One sentence.
        default: As TOML writes it; empty for a setting that has none.
        required: Loading fails without it.
        evidence: How surely the default is known.
        secret: It is read from the environment, a file or a command, and never shown.
    """

    section: str
    name: str
    read: Reader
    meaning: str
    default: str = ""
    required: bool = False
    evidence: Evidence = Evidence.CHOICE
    secret: bool = False

    @property
    def key(self) -> str:
        """Where it stands, such as `orders.price_basis`."""
        return f"{self.section}.{self.name}"


_I, _A, _E = Evidence.INFERRED, Evidence.ASK, Evidence.EVIDENCED


def _s(
    key: str,
    read: Reader,
    default: str,
    meaning: str,
    evidence: Evidence = Evidence.CHOICE,
    *,
    secret: bool = False,
) -> Setting:
    section, _, name = key.rpartition(".")
    required = default == "!"
    return Setting(
        section, name, read, meaning, "" if required else default, required, evidence, secret
    )


SETTINGS: tuple[Setting, ...] = (
    _s("pair.id", r.text, '""', "Name of the pair; empty: made of both addresses."),
    _s("oro.url", r.filled, "!", "Address of the shop's site."),
    _s("oro.client_id", r.filled, "!", "OAuth application (client credentials, back office)."),
    _s("oro.client_secret", r.text, "!", "Its secret.", secret=True),
    _s("oro.api_path", r.filled, '"/admin/api"', "Where the back-office API is.", _A),
    _s("oro.token_path", r.filled, '"/oauth2-token"', "Where tokens are given.", _E),
    _s("oro.organization", r.text, '""', "Tells this organisation from others of the shop."),
    _s("oro.allow_http", r.flag, "false", "Accept an address without TLS."),
    _s("oro.connect_timeout", r.duration, '"10 s"', "How long a connection may take."),
    _s("oro.read_timeout", r.duration, '"60 s"', "How long the next bytes may take."),
    _s("oro.json_cap", r.whole(1), "33554432", "Most bytes of one answer."),
    _s("oro.retries", r.whole(0, 10), "2", "How often a safe call is repeated."),
    _s("oro.deadline", r.duration, '"120 s"', "How long after its start a call is repeated."),
    _s("oro.retry_budget", r.whole(0), "100", "Repetitions of one run in all."),
    _s("oro.at_once", r.whole(1, 32), "4", "Calls under way at a time."),
    _s("oro.per_minute", r.whole(0), "0", "Calls begun within a minute; 0: no limit.", _A),
    _s("prima.url", r.filled, "!", "Address of the OM web service; /wsdl is taken off."),
    _s("prima.company", r.filled, '"1"', "Company number.", _A),
    _s("prima.allow_http", r.flag, "false", "Accept an address without TLS.", _A),
    _s("prima.username", r.text, '""', "HTTP Basic user of a proxy in front.", _A),
    _s("prima.password", r.text, '""', "Its password.", secret=True),
    _s("prima.headers", r.pairs, "{}", "Header fields for such a proxy."),
    _s("prima.certificate", r.text, '""', "Client certificate, a PEM file.", _A),
    _s("prima.certificate_key", r.text, '""', "Its key, a PEM file; empty: in the same file."),
    _s("prima.certificate_password", r.text, '""', "Password of the key.", secret=True),
    _s("prima.ca_file", r.text, '""', "Certificates to trust, a PEM file; empty: the system's."),
    _s("prima.connections", r.whole(1, 16), "1", "Most connections at a time.", _I),
    _s("prima.connect_timeout", r.duration, '"10 s"', "How long a connection may take."),
    _s("prima.read_timeout", r.duration, '"60 s"', "How long an order or a status may take."),
    _s("prima.snapshot_timeout", r.duration, '"600 s"', "How long the full stock may take.", _I),
    _s("prima.answer_cap", r.whole(1), "67108864", "Most bytes of one answer."),
    _s("prima.retries", r.whole(0, 10), "3", "How often a safe call is repeated."),
    _s("prima.profile.style", r.choice(Style), '"rpc-literal"', "Wrapping; see the WSDL.", _A),
    _s("prima.profile.namespace", r.filled, '"urn:omlink:omlink"', "Of the operations.", _I),
    _s("prima.profile.xml_part", r.filled, '"RequestXML"', "Input part of the request.", _A),
    _s("prima.profile.company_part", r.filled, '"Company"', "Input part of the company.", _A),
    _s("prima.profile.company_first", r.flag, "true", "Company part before the request.", _A),
    _s("prima.profile.soap_action", r.text, '""', "SOAPAction header.", _E),
    _s("prima.profile.with_company", r.flag, "false", "Send comwsomhandler.", _A),
    _s("prima.profile.date_format", r.filled, '"%d/%m/%Y"', "Dates that are written.", _I),
    _s("prima.profile.order_digits", r.whole(1, 18), "9", "Most digits of an order number.", _I),
    _s("prima.profile.order_ceiling", r.whole(1), "2147483647", "Largest order number.", _I),
    _s("prima.profile.address_lines", r.whole(1, 6), "6", "Lines of an address.", _E),
    _s("prima.profile.address_width", r.whole(1), "35", "Characters of an address line.", _A),
    _s("prima.profile.note_width", r.whole(1), "250", "Characters of a note.", _A),
    _s("prima.profile.text_width", r.whole(1), "60", "Characters of a reference or name.", _A),
    _s("prima.profile.widths", r.numbers, "{}", "Characters of single attributes.", _A),
    _s("prima.profile.required", r.words, "[]", "Attributes that may not be blank.", _A),
    _s("prima.profile.cut", r.words, "[]", "Attributes besides notes that may be cut.", _A),
    _s("prima.profile.values", r.code_tables, "{}",
       "Tables of codes by attribute, such as { Country = { GB = \"UK\" } }.", _A),
    _s("prima.profile.charset", r.choice(CharsetPolicy), '"transliterate"',
       "What happens to characters outside ISO-8859-1.", _A),
    _s("prima.profile.absent_codes", r.words, "[]",
       "Codes that truly mean: no such order. None is known; a wrong one doubles orders.", _A),
    _s("prima.profile.unavailable_codes", r.words, '["10921"]',
       "SOAP faults that mean: nothing was done, come again.", _E),
    _s("prima.profile.appserver_down_is_unknown", r.flag, "true",
       "Fault 8234 after sending leaves an order in doubt.", _I),
    _s("prima.profile.duplicate_codes", r.words, '["21"]', "Order number exists.", _E),
    _s("prima.profile.price_basis_codes", r.words, '["548"]', "VAT basis differs.", _E),
    _s("prima.profile.busy_codes", r.words, "[]", "Refusals that may pass; tried again.", _A),
    _s("prima.profile.malformed_codes", r.words, '["14586"]', "Request not parsable.", _E),
    _s("prima.profile.codes", r.triples, "[]",
       "Further error codes: code, class (account, goods, busy, business …), meaning.", _A),
    _s("prima.profile.order_request", r.choice(OrderRequest), '"MultiNewOrder"',
       "Request type that takes an order: MultiNewOrder or NewOrder.", _E),
    _s("prima.profile.multi_size", r.whole(1, 1000), "50", "SKUs in one question.", _I),
    _s("prima.profile.horizon_days", r.whole(0), "365", "Next-available dates beyond: none.", _I),
    _s("prima.profile.extras", r.triples, "[]", "Attributes to add: element, name, value.", _A),
    _s("orders.start_at", r.instant, "!", "Cut-over; older orders are ignored and counted."),
    _s("orders.price_basis", r.choice(PriceBasis), "!",
       "What Price means to this Prima: unit, line, or omit (Prima prices).", _A),
    _s("orders.vat_inclusive", r.flag, "!", "Whether the shop's prices hold VAT.", _A),
    _s("orders.order_prefix", r.filled, '"3"', "First digits of order numbers, yours alone.", _A),
    _s("orders.order_width", r.whole(1, 17), "7", "Digits of the Oro id in an order number."),
    _s("orders.zone", r.zone, '"Europe/London"', "Where the books are kept."),
    _s("orders.statuses", r.words, '["open", "pending", "processing"]', "Posted statuses."),
    _s("orders.cancelled_statuses", r.words, '["cancelled"]', "Cancelled statuses."),
    _s("orders.post_after", r.duration, '"30 s"', "Least age; sub-orders come after mains."),
    _s("orders.erp_identifier_pattern", r.pattern, '""',
       "Identifiers of orders that came from the ERP, for servers without `external` (5.1).", _A),
    _s("orders.write_back", r.choice(WriteBack), '"none"',
       "Write Prima's number into externalId (6.1.10+): a second guard; totals are recomputed."),
    _s("orders.post_main", r.flag, "false", "Post main orders instead of their sub-orders."),
    _s("orders.price_decimals", r.whole(0, 6), "2", "Decimals of a unit price.", _A),
    _s("orders.inexact", r.choice(Inexact), '"hold"', "A unit price with more: hold or omit."),
    _s("orders.discount_owner", r.choice(DiscountOwner), '"prima"', "Who decides discounts.", _A),
    _s("orders.discount_code", r.text, '""',
       "Charge code of a discount, where OroCommerce decides them (a charge below 0).", _A),
    _s("orders.channel", r.text, '""', "OrderChannel code where no route says one.", _A),
    _s("orders.carrier", r.text, '""', "Carrier code without a table of carriers.", _A),
    _s("orders.carrier_service", r.text, '""', "Its service code.", _A),
    _s("orders.warehouse", r.text, '""', "Warehouse code where no route says one.", _A),
    _s("orders.payment_terms", r.text, '""', "PaymentTerms code without a table of terms.", _A),
    _s("orders.send_contact", r.flag, "true", "Send name and phone of the ship-to contact."),
    _s("orders.organizations", r.words, "[]", "Organisations whose orders are taken; none: all."),
    _s("accounts.inherit", r.choice(Inherit), '"own"',
       "Whose account pays where an organisation has no link: own (none) or parent."),
    _s("accounts.shared", r.choice(SharedAccounts), '"refuse"',
       "Whether several organisations may be linked to one account: refuse or allow."),
    _s("accounts.stopped", r.choice(StoppedAccount), '"hold"',
       "Orders of a stopped account: hold them here, or post them on hold (hold-in-prima).", _A),
    _s("accounts.unknown_ship_to", r.choice(UnknownShipTo), '"send"',
       "A ship-to that is none of the numbered addresses: send it in words, or hold.", _A),
    _s("addresses.overflow", r.choice(Overflow), '"hold"',
       "More lines than Prima takes: hold, or join short lines with a comma; nothing is cut."),
    _s("addresses.countries", r.words, "[]", "Ship-to countries that are served; none: all."),
    _s("addresses.postcode_countries", r.words, "[]", "Countries whose addresses need a postcode."),
    _s("references.required", r.flag, "false", "Whether every order needs a PO number."),
    _s("references.required_of", r.words, "[]", "Customers whose orders need one."),
    _s("references.pattern", r.pattern, '""', "Regular expression that a whole PO number matches."),
    _s("references.longest", r.whole(0), "0", "Most characters of one; 0: what the field takes."),
    _s("references.duplicates", r.choice(Duplicates), '"allow"',
       "A PO number that its customer has used before: allow, warn or hold."),
    _s("products.mode", r.choice(UnitMode), '"table"',
       "How units reach Prima's SKUs: own-sku, converted, or as the table says."),
    _s("products.modes", r.choices(UnitMode), "{}", "Of single products, by SKU."),
    _s("stock.figure", r.choice(PublishedFigure), '"free"',
       "What is published: free, or available as Prima says it, which may be sold twice."),
    _s("stock.shares", r.shares, "[]", "Most of a product's pool that one unit may take."),
    _s("stock.mode", r.choice(StockMode), '"strict"', "per-unit may promise a unit twice."),
    _s("stock.buffer", r.amount, "0", "Base units of every SKU that are never published."),
    _s("stock.buffer_percent", r.amount, "0", "Share of free stock never published, 0 to 100."),
    _s("stock.buffer_days", r.amount, "0", "Days of sales never published; see the table `sales`."),
    _s("stock.unit_order", r.listed, "[]", "Units served first; after them the largest."),
    _s("stock.max_rise_percent", r.amount, "0",
       "How far a level may rise at once, in percent of what it shows; 0: any."),
    _s("stock.max_fall_percent", r.amount, "0",
       "How far a level may fall before somebody is told; it falls anyway; 0: any."),
    _s("stock.band_from", r.amount, "100", "A level may always rise to this."),
    _s("stock.max_age", r.duration, '"1 h"', "With older figures of Prima no level rises."),
    _s("stock.min_linked_share", r.amount, '"0.9"', "Share of linked SKUs a snapshot holds."),
    _s("stock.zero_after", r.whole(1), "2", "Accepted snapshots without a SKU before 0."),
    _s("stock.zero_apart", r.duration, '"1 h"', "Least time between them."),
    _s("stock.prima_reserves", r.choice(PrimaReserves), '"acceptance"',
       "When Prima takes an order off its free stock.", _A),
    _s("stock.released_statuses", r.words, "[]", "Status texts that mean released.", _A),
    _s("stock.single_writes", r.whole(0), "15", "Most decreases written one by one.", _E),
    _s("stock.batch_size", r.whole(1, 1000), "1000", "Levels in one operation.", _E),
    _s("stock.correction_rounds", r.whole(1), "5", "Most looks for orders after writing."),
    _s("stock.write_inventory_status", r.flag, "true", "Set the product's status too."),
    _s("fulfilment.writes", r.choice(Writes), '"trackings-and-status"',
       "What the shop is told: trackings alone (they change no total), or the status too."),
    _s("fulfilment.promotion_guard", r.choice(PromotionGuard), '"on"',
       "Off, writing a status can apply promotions that started after the order."),
    _s("fulfilment.no_carrier", r.filled, '"carrier"', "Method of a tracking without a carrier."),
    _s("fulfilment.tracking_width", r.whole(1), "255", "Characters of a tracking number.", _I),
    _s("fulfilment.cancelled_status", r.text, '""',
       "OroCommerce's status that means cancelled, where its API takes one; empty: none.", _A),
    _s("polls.hot_for", r.duration, '"3 d"', "How long after acceptance an order is hot."),
    _s("polls.hot_every", r.duration, '"30 min"', "How often a hot order is asked after."),
    _s("polls.warm_for", r.duration, '"14 d"', "How long after acceptance it is warm."),
    _s("polls.warm_every", r.duration, '"4 h"', "How often a warm order is asked after."),
    _s("polls.cold_every", r.duration, '"1 d"', "How often an older one is asked after."),
    _s("polls.budget", r.whole(0), "200", "Most questions after orders in one run.", _A),
    _s("run.grace", r.duration, '"15 min"', "Between two absences that are believed."),
    _s("run.certainty", r.duration, '"24 h"', "How long an absence may be believed."),
    _s("run.lease", r.duration, '"5 min"', "How long a run owns its flow unless it renews."),
    _s("run.lease_renewal", r.duration, '"1 min"', "How often it renews."),
    _s("run.stop_after_unknown", r.whole(1), "2", "Lost answers in a row that stop the flow."),
    _s("run.id_overlap", r.whole(0), "500", "Ids below the watermark that are read again."),
    _s("run.time_overlap", r.duration, '"10 min"', "How far back changed orders are read again."),
    _s("run.lag", r.duration, '"30 s"', "How far before now the window of changed orders ends."),
    _s("run.fresh_for", r.duration, '"60 s"', "An older reading is repeated before posting."),
    _s("run.retry_first", r.duration, '"1 min"', "First pause of what may heal by itself."),
    _s("run.retry_longest", r.duration, '"1 h"', "Longest pause of what may heal by itself."),
    _s("run.keep_payload", r.duration, '"30 d"', "How long names are kept after settling."),
    _s("run.first_poll", r.duration, '"1 s"', "Pause before looking at an operation.", _E),
    _s("run.poll_limit", r.duration, '"5 min"', "How long an operation is waited for."),
    _s("run.control_order", r.text, '""', "Order that Prima surely has; empty: the newest.", _A),
    _s("store.path", r.filled, '"oro-prima.db"', "The SQLite file."),
)  # fmt: skip


def settings_of(section: str) -> dict[str, Setting]:
    """Return the settings of a section by name."""
    return {one.name: one for one in SETTINGS if one.section == section}


SECTIONS = tuple(dict.fromkeys(one.section for one in SETTINGS))
