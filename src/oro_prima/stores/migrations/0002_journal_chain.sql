-- Each line of the journal carries a hash over itself and the line before, so that an edit shows.
-- What people write in their own words stands apart: it may hold names, and can be erased.

ALTER TABLE journal ADD COLUMN hash TEXT NOT NULL DEFAULT '';

CREATE TABLE notes (
    pair TEXT NOT NULL,
    seq BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (pair, seq)
);

CREATE INDEX notes_by_subject ON notes (pair, subject);
