-- The same words and beginnings as before (0022_find_words.sql), in less than half of the time: one plain expression finds
-- the words, and their beginnings are cut from them, where four groups within each other were dissected for each word.
CREATE OR REPLACE FUNCTION words_to_find(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(body, 100000)
    || coalesce((
      SELECT string_agg(' p3' || left(word, 3)
          || CASE WHEN length(word) > 4 THEN ' p3' || left(word, 4) ELSE '' END
          || CASE WHEN length(word) > 5 THEN ' p3' || left(word, 5) ELSE '' END
          || CASE WHEN length(word) > 6 THEN ' p3' || left(word, 6) ELSE '' END, '')
      FROM string_to_table(regexp_replace(
        CASE WHEN body ~ '[^\x01-\x7f]'
          THEN replace(regexp_replace(normalize(left(body, 100000), NFKD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss')
          ELSE left(body, 100000) END, '\W+', ' ', 'g'), ' ') AS word
      WHERE length(word) > 3), '')
    || CASE WHEN body ~ '[\u2e80-\u9fff]'
      THEN ' ' || regexp_replace(left(body, 100000), '([\u2e80-\u9fff])', ' \1 ', 'g') ELSE '' END
$$;
--> statement-breakpoint
-- How often a beginning counts is not what it was, so the indexes are made anew. One may be missing after a large import.
SET LOCAL maintenance_work_mem = '256MB';
--> statement-breakpoint
DROP INDEX IF EXISTS message_find;
--> statement-breakpoint
CREATE INDEX message_find ON message USING bm25 (words_to_find(text)) WITH (text_config = 'public.words')
  WHERE status <> 'pending' AND role <> 'root';
--> statement-breakpoint
DROP INDEX IF EXISTS conversation_find;
--> statement-breakpoint
CREATE INDEX conversation_find ON conversation USING bm25 (words_to_find(title)) WITH (text_config = 'public.words');
--> statement-breakpoint
DROP INDEX IF EXISTS memory_find;
--> statement-breakpoint
CREATE INDEX memory_find ON memory USING bm25 (words_to_find(text)) WITH (text_config = 'public.words');
--> statement-breakpoint
-- As in 0026_no_statistics_of_words.sql.
ALTER INDEX message_find ALTER COLUMN 1 SET STATISTICS 0;
--> statement-breakpoint
ALTER INDEX conversation_find ALTER COLUMN 1 SET STATISTICS 0;
--> statement-breakpoint
ALTER INDEX memory_find ALTER COLUMN 1 SET STATISTICS 0;
