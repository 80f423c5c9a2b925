-- Everything of one pair that must survive a crash. The pair is part of every key.
-- Instants are ISO 8601 UTC texts of fixed width, so that they sort; amounts are texts, exact.
-- `body` is the whole record; the columns beside it are what is searched or counted.

CREATE TABLE facts (
    pair TEXT NOT NULL,
    name TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, name)
);

CREATE TABLE links (
    pair TEXT NOT NULL,
    customer TEXT NOT NULL,
    account TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, customer)
);

CREATE TABLE captures (
    pair TEXT NOT NULL,
    order_id TEXT NOT NULL,
    order_number BIGINT NOT NULL,
    home TEXT NOT NULL,
    created_at TEXT NOT NULL,
    currency TEXT NOT NULL,
    gross TEXT,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, order_id)
);

CREATE INDEX captures_by_home ON captures (pair, home, order_number);

CREATE INDEX captures_by_creation ON captures (pair, created_at);

CREATE TABLE ledger (
    pair TEXT NOT NULL,
    command_key TEXT NOT NULL,
    order_id TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    claimed_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, command_key)
);

CREATE INDEX ledger_by_state ON ledger (pair, state, changed_at);

CREATE INDEX ledger_by_order ON ledger (pair, order_id);

-- Names and addresses live here alone, and can be erased.
CREATE TABLE payloads (
    pair TEXT NOT NULL,
    command_key TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (pair, command_key)
);

CREATE TABLE exceptions (
    pair TEXT NOT NULL,
    flow TEXT NOT NULL,
    subject TEXT NOT NULL,
    state TEXT NOT NULL,
    first_seen TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, flow, subject)
);

CREATE INDEX exceptions_by_state ON exceptions (pair, state, first_seen);

CREATE TABLE marks (
    pair TEXT NOT NULL,
    sku TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, sku)
);

CREATE TABLE outstanding (
    pair TEXT NOT NULL,
    operation TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, operation)
);

CREATE TABLE leases (
    pair TEXT NOT NULL,
    flow TEXT NOT NULL,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY (pair, flow)
);

CREATE TABLE journal (
    pair TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at TEXT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, seq)
);

CREATE INDEX journal_by_subject ON journal (pair, subject, seq);
