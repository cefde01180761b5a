-- expand
-- The version of facets.py by which the tokens of the first version were made.
INSERT INTO store_meta VALUES ('facets', '1.1');
