-- expand
-- Records, rejections and tombstones. A column for every statistic with a number, so that other
-- programs can read and compare them; `fanmill_results` is what they may rely on.

-- Positions of records and rejections. Saves take an advisory lock, so that they appear in order.
CREATE SEQUENCE fanmill_positions;

CREATE TABLE fanmill_records (
    position BIGINT PRIMARY KEY DEFAULT nextval('fanmill_positions'),
    document_id TEXT NOT NULL UNIQUE,
    entry_id TEXT NOT NULL,
    revision BIGINT NOT NULL,
    event_id TEXT NOT NULL,
    source TEXT NOT NULL,
    title TEXT,
    url TEXT,
    site TEXT,
    text_sha256 TEXT NOT NULL,
    received_at TIMESTAMPTZ,
    completed_at TIMESTAMPTZ NOT NULL,
    verdict TEXT NOT NULL,
    duplicate_of TEXT,
    similarity DOUBLE PRECISION,
    containment DOUBLE PRECISION,
    partition TEXT NOT NULL,
    language TEXT,
    script TEXT,
    topics TEXT[] NOT NULL,
    tags TEXT[] NOT NULL,
    failed TEXT[],
    problems BIGINT NOT NULL,
    bytes NUMERIC,
    characters NUMERIC,
    graphemes NUMERIC,
    words NUMERIC,
    unique_words NUMERIC,
    sentences NUMERIC,
    paragraphs NUMERIC,
    lines NUMERIC,
    mean_word_length DOUBLE PRECISION,
    median_word_length DOUBLE PRECISION,
    max_word_length NUMERIC,
    mean_sentence_length DOUBLE PRECISION,
    median_sentence_length DOUBLE PRECISION,
    max_sentence_length NUMERIC,
    mean_paragraph_length DOUBLE PRECISION,
    median_paragraph_length DOUBLE PRECISION,
    max_paragraph_length NUMERIC,
    mean_line_length DOUBLE PRECISION,
    median_line_length DOUBLE PRECISION,
    max_line_length NUMERIC,
    unique_word_ratio DOUBLE PRECISION,
    reading_time_seconds DOUBLE PRECISION,
    speaking_time_seconds DOUBLE PRECISION,
    quality_word_count NUMERIC,
    quality_mean_word_length DOUBLE PRECISION,
    quality_num_sentences NUMERIC,
    quality_symbol_to_word_ratio DOUBLE PRECISION,
    quality_frac_unique_words DOUBLE PRECISION,
    quality_unigram_entropy DOUBLE PRECISION,
    quality_frac_all_caps_words DOUBLE PRECISION,
    quality_frac_no_alph_words DOUBLE PRECISION,
    quality_stop_word_fraction DOUBLE PRECISION,
    quality_lines_end_with_terminal_mark DOUBLE PRECISION,
    quality_lines_end_with_ellipsis DOUBLE PRECISION,
    quality_lines_start_with_bullet DOUBLE PRECISION,
    quality_lines_uppercase_fraction DOUBLE PRECISION,
    quality_lines_numerical_fraction DOUBLE PRECISION,
    quality_lines_num_words DOUBLE PRECISION,
    quality_javascript_count NUMERIC,
    quality_lorem_ipsum DOUBLE PRECISION,
    quality_curly_bracket DOUBLE PRECISION,
    quality_chars_top_2gram DOUBLE PRECISION,
    quality_chars_top_3gram DOUBLE PRECISION,
    quality_chars_top_4gram DOUBLE PRECISION,
    quality_chars_duplicate_5grams DOUBLE PRECISION,
    quality_chars_duplicate_6grams DOUBLE PRECISION,
    quality_chars_duplicate_7grams DOUBLE PRECISION,
    quality_chars_duplicate_8grams DOUBLE PRECISION,
    quality_chars_duplicate_9grams DOUBLE PRECISION,
    quality_chars_duplicate_10grams DOUBLE PRECISION,
    quality_duplicate_line_fraction DOUBLE PRECISION,
    quality_duplicate_line_characters DOUBLE PRECISION,
    quality_duplicate_paragraph_fraction DOUBLE PRECISION,
    quality_duplicate_paragraph_characters DOUBLE PRECISION,
    readability_flesch_reading_ease DOUBLE PRECISION,
    readability_flesch_kincaid_grade DOUBLE PRECISION,
    readability_gunning_fog DOUBLE PRECISION,
    readability_smog DOUBLE PRECISION,
    readability_coleman_liau DOUBLE PRECISION,
    readability_automated_readability DOUBLE PRECISION,
    readability_amstad DOUBLE PRECISION,
    readability_wiener_sachtext DOUBLE PRECISION,
    readability_fernandez_huerta DOUBLE PRECISION,
    readability_gulpease DOUBLE PRECISION,
    readability_lix DOUBLE PRECISION,
    readability_rix DOUBLE PRECISION,
    diversity_ttr DOUBLE PRECISION,
    diversity_mattr DOUBLE PRECISION,
    diversity_mtld DOUBLE PRECISION,
    diversity_character_entropy DOUBLE PRECISION,
    diversity_compression_ratio DOUBLE PRECISION,
    composition_letters DOUBLE PRECISION,
    composition_digits DOUBLE PRECISION,
    composition_spaces DOUBLE PRECISION,
    composition_unassigned DOUBLE PRECISION,
    composition_replacement DOUBLE PRECISION,
    composition_control DOUBLE PRECISION,
    composition_mojibake DOUBLE PRECISION,
    terms INTEGER[] NOT NULL,
    tokens TSVECTOR NOT NULL,
    fingerprint BYTEA NOT NULL,
    record JSON NOT NULL
);
CREATE INDEX fanmill_records_found ON fanmill_records USING gin (terms, tokens);
CREATE INDEX fanmill_records_cluster ON fanmill_records (duplicate_of, position)
    WHERE duplicate_of IS NOT NULL;
CREATE INDEX fanmill_records_completed ON fanmill_records (completed_at);
CREATE INDEX fanmill_records_received ON fanmill_records
    USING brin (received_at) WITH (autosummarize = on, pages_per_range = 32);

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

CREATE TRIGGER fanmill_records_added AFTER INSERT ON fanmill_records
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fanmill_count_duplicates();
CREATE TRIGGER fanmill_records_removed AFTER DELETE ON fanmill_records
    REFERENCING OLD TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION fanmill_count_duplicates();

CREATE TABLE fanmill_rejections (
    position BIGINT PRIMARY KEY DEFAULT nextval('fanmill_positions'),
    rejected_id TEXT NOT NULL UNIQUE,
    document_id TEXT,
    event_id TEXT,
    source TEXT,
    reason TEXT NOT NULL,
    stage TEXT NOT NULL,
    failure_group TEXT,
    attempts BIGINT NOT NULL,
    rejected_at TIMESTAMPTZ NOT NULL,
    folded_error TEXT NOT NULL,
    event JSON NOT NULL
);
CREATE INDEX fanmill_rejections_document ON fanmill_rejections (document_id, position);
CREATE INDEX fanmill_rejections_source ON fanmill_rejections (source, position);
CREATE INDEX fanmill_rejections_reason ON fanmill_rejections (reason, position);
CREATE INDEX fanmill_rejections_group ON fanmill_rejections (failure_group, position);
CREATE INDEX fanmill_rejections_time ON fanmill_rejections (rejected_at);

CREATE TABLE fanmill_tombstones (
    document_id TEXT PRIMARY KEY,
    forgotten_at TIMESTAMPTZ NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL
);

-- The contract with other programs: columns are added, never changed or removed.
CREATE VIEW fanmill_results AS SELECT
    position, document_id, entry_id, revision, event_id, source, title, url, site, text_sha256,
    received_at, completed_at, verdict, duplicate_of, similarity, containment, partition, language,
    script, topics, tags, failed, problems,
    bytes, characters, graphemes, words, unique_words, sentences, paragraphs, lines,
    mean_word_length, median_word_length, max_word_length, mean_sentence_length,
    median_sentence_length, max_sentence_length, mean_paragraph_length, median_paragraph_length,
    max_paragraph_length, mean_line_length, median_line_length, max_line_length,
    unique_word_ratio, reading_time_seconds, speaking_time_seconds, quality_word_count,
    quality_mean_word_length, quality_num_sentences, quality_symbol_to_word_ratio,
    quality_frac_unique_words, quality_unigram_entropy, quality_frac_all_caps_words,
    quality_frac_no_alph_words, quality_stop_word_fraction,
    quality_lines_end_with_terminal_mark, quality_lines_end_with_ellipsis,
    quality_lines_start_with_bullet, quality_lines_uppercase_fraction,
    quality_lines_numerical_fraction, quality_lines_num_words, quality_javascript_count,
    quality_lorem_ipsum, quality_curly_bracket, quality_chars_top_2gram,
    quality_chars_top_3gram, quality_chars_top_4gram, quality_chars_duplicate_5grams,
    quality_chars_duplicate_6grams, quality_chars_duplicate_7grams,
    quality_chars_duplicate_8grams, quality_chars_duplicate_9grams,
    quality_chars_duplicate_10grams, quality_duplicate_line_fraction,
    quality_duplicate_line_characters, quality_duplicate_paragraph_fraction,
    quality_duplicate_paragraph_characters, readability_flesch_reading_ease,
    readability_flesch_kincaid_grade, readability_gunning_fog, readability_smog,
    readability_coleman_liau, readability_automated_readability, readability_amstad,
    readability_wiener_sachtext, readability_fernandez_huerta, readability_gulpease,
    readability_lix, readability_rix, diversity_ttr, diversity_mattr, diversity_mtld,
    diversity_character_entropy, diversity_compression_ratio, composition_letters,
    composition_digits, composition_spaces, composition_unassigned, composition_replacement,
    composition_control, composition_mojibake,
    record
FROM fanmill_records;

CREATE VIEW fanmill_rejected AS SELECT
    position, rejected_id, document_id, event_id, source, reason, stage, failure_group, attempts,
    rejected_at, event
FROM fanmill_rejections;
