-- An item that stays may lose a sentence to one that is forgotten: what is left are words that stood before, with gaps.
CREATE OR REPLACE FUNCTION memory_words_are_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  entry journal%ROWTYPE;
  gap constant text := '▒';
BEGIN
  SELECT * INTO entry FROM journal
  WHERE memory_id = item.id AND owner = item.owner AND (after -> 'memory' ->> 'version')::integer = item.version
  ORDER BY seq DESC LIMIT 1;
  IF NOT FOUND OR entry.after -> 'memory' ->> 'text' IS DISTINCT FROM item.text
    OR entry.after -> 'memory' -> 'data' IS DISTINCT FROM item.data THEN RETURN false; END IF;
  IF jsonb_path_exists(entry.after, '$.evidence[*] ? (@.origin == "user" || @.origin == "hand")') THEN RETURN true; END IF;
  IF EXISTS (
    SELECT 1 FROM proposal
    WHERE result_id = item.id AND owner = item.owner AND status = 'accepted' AND batch_id = entry.batch_id
  ) THEN RETURN true; END IF;
  -- The very words before, some of them blanked; a gap takes the place of any words.
  IF strpos(item.text, gap) > 0
    AND (entry.before -> 'memory' ->> 'text') LIKE with_gaps(item.text, gap)
    AND (entry.before -> 'memory' -> 'data')::text LIKE with_gaps(item.data::text, gap) THEN RETURN true; END IF;
  RETURN entry.action IN ('undo', 'restore') AND EXISTS (
    SELECT 1 FROM journal past, LATERAL (VALUES (past.before -> 'memory'), (past.after -> 'memory')) AS side (body)
    WHERE past.memory_id = item.id AND past.owner = item.owner AND past.seq < entry.seq
      AND body ->> 'status' NOT IN ('proposed', 'trashed')
      AND body ->> 'text' = item.text AND body -> 'data' = item.data
  );
END
$$;
--> statement-breakpoint
-- A pattern for LIKE that is the text, with anything in the place of a run of gaps.
CREATE FUNCTION with_gaps(words text, gap text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace(regexp_replace(words, '([\\%_])', '\\\1', 'g'), gap || '+', '%', 'g')
$$;
