-- expand
-- Facts about a store. `facets` is the version of search_terms.py by which terms, tokens and columns
-- were made from the JSON of the records.
CREATE TABLE fanmill_store_meta (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
);
INSERT INTO fanmill_store_meta VALUES ('facets', '1.1');
