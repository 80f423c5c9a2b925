-- Accepted orders are asked after until they are finished.

CREATE TABLE follows (
    pair TEXT NOT NULL,
    order_id TEXT NOT NULL,
    number TEXT NOT NULL,
    finished INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, order_id)
);
