-- An order is found by what people call it: its number in the shop, its number in Prima.

ALTER TABLE captures ADD COLUMN identifier TEXT NOT NULL DEFAULT '';

UPDATE captures SET identifier = COALESCE(json_extract(body, '$.identifier'), '');

CREATE INDEX captures_by_identifier ON captures (pair, identifier);

CREATE INDEX ledger_by_number ON ledger (pair, number);
