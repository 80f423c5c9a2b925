-- What a flow wants to know again: invoices as read, prices as they were, when it ran.

CREATE TABLE kept (
    pair TEXT NOT NULL,
    flow TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TEXT NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (pair, flow, subject)
);
