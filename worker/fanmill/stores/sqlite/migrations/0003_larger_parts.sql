-- expand
-- A transaction of 1,024 records makes one part of the index instead of four: two thirds of the
-- work of writing. The default, 1 MiB, is full after 256 records.
INSERT INTO records_search (records_search, rank) VALUES ('hashsize', 8388608);
