-- expand
-- The sizes of clusters, kept by triggers: counting a million records takes a hundred times as long.
-- The triggers run as the owner, so that sinks of any version may write without a further right.
CREATE TABLE fanmill_clusters (
    original TEXT PRIMARY KEY,
    duplicates BIGINT NOT NULL
);
CREATE INDEX fanmill_clusters_by_size ON fanmill_clusters (duplicates DESC, original);

CREATE FUNCTION fanmill_count_duplicates() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO fanmill_clusters AS known
            SELECT duplicate_of, count(*) FROM changed WHERE duplicate_of IS NOT NULL
            GROUP BY duplicate_of
        ON CONFLICT (original) DO UPDATE SET duplicates = known.duplicates + excluded.duplicates;
    ELSE
        UPDATE fanmill_clusters SET duplicates = duplicates - lost.number
        FROM (
            SELECT duplicate_of, count(*) AS number FROM changed WHERE duplicate_of IS NOT NULL
            GROUP BY duplicate_of
        ) AS lost WHERE original = lost.duplicate_of;
        DELETE FROM fanmill_clusters
        WHERE duplicates <= 0 AND original IN (SELECT duplicate_of FROM changed);
    END IF;
    RETURN NULL;
END $$;

LOCK TABLE fanmill_records IN SHARE ROW EXCLUSIVE MODE;
CREATE TRIGGER fanmill_records_added AFTER INSERT ON fanmill_records
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fanmill_count_duplicates();
CREATE TRIGGER fanmill_records_removed AFTER DELETE ON fanmill_records
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fanmill_count_duplicates();
INSERT INTO fanmill_clusters SELECT duplicate_of, count(*) FROM fanmill_records
    WHERE duplicate_of IS NOT NULL GROUP BY duplicate_of;
