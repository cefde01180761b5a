-- expand
-- A position is never used twice: scans follow changes by it.
CREATE TABLE records (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL UNIQUE,
    entry_id TEXT NOT NULL,
    completed INTEGER NOT NULL, -- ms since 1970
    received INTEGER,
    duplicate_of TEXT,
    record BLOB NOT NULL, -- record_blob.py
    fingerprint BLOB NOT NULL
);
CREATE INDEX records_completed ON records (completed);
CREATE INDEX records_duplicate_of ON records (duplicate_of, position) WHERE duplicate_of IS NOT NULL;

-- Tokens of values and texts, by position: facets.py. Contentless: a removal repeats the tokens.
CREATE VIRTUAL TABLE records_search USING fts5 (
    tokens, content = '', columnsize = 0, detail = full, tokenize = 'ascii'
);

-- Each merge takes 16 parts instead of 4: half the work of writing, for slightly slower queries.
INSERT INTO records_search (records_search, rank) VALUES ('automerge', 16);
INSERT INTO records_search (records_search, rank) VALUES ('crisismerge', 32);

CREATE TABLE clusters (
    original TEXT PRIMARY KEY,
    duplicates INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX clusters_by_size ON clusters (duplicates DESC, original);

CREATE TABLE rejections (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    rejected_id TEXT NOT NULL UNIQUE,
    document_id TEXT,
    rejected INTEGER NOT NULL, -- ms since 1970
    event BLOB NOT NULL -- record_blob.py
);
CREATE INDEX rejections_document_id ON rejections (document_id) WHERE document_id IS NOT NULL;
CREATE INDEX rejections_rejected ON rejections (rejected);
CREATE VIRTUAL TABLE rejections_search USING fts5 (
    tokens, content = '', columnsize = 0, detail = full, tokenize = 'ascii'
);

CREATE TABLE tombstones (
    document_id TEXT PRIMARY KEY,
    forgotten INTEGER NOT NULL, -- ms since 1970
    actor TEXT NOT NULL,
    note TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE store_meta (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;
