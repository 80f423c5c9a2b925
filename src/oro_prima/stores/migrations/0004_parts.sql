-- A queue of any length is gone through part by part, oldest claim first.

CREATE INDEX ledger_by_claim ON ledger (pair, state, claimed_at, command_key);
