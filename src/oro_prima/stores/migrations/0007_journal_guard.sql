-- The journal is appended to: no line is changed, replaced or taken out. Its newest line is kept
-- beside it, so that a tail that was cut off shows. Triggers are SQLite's own; another database
-- states them in its own words.

INSERT INTO facts (pair, name, body)
SELECT pair, 'journal_head', '{"seq":' || seq || ',"hash":"' || hash || '"}'
FROM journal AS line
WHERE seq = (SELECT MAX(seq) FROM journal AS other WHERE other.pair = line.pair);

CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is appended to, never changed');
END;

CREATE TRIGGER journal_is_not_replaced BEFORE INSERT ON journal
WHEN EXISTS (SELECT 1 FROM journal WHERE pair = NEW.pair AND seq = NEW.seq)
BEGIN
    SELECT RAISE(ABORT, 'the journal is appended to, never changed');
END;

CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
BEGIN
    SELECT RAISE(ABORT, 'the journal is appended to, never cut');
END;
