-- A condition reads all its parts before it judges, and only memories have words: one branch a table. An item that comes
-- out of a proposal or out of the bin must rest on something with the words it has then.
CREATE OR REPLACE FUNCTION check_memory_foundation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  item memory%ROWTYPE;
  other_words boolean := false;
BEGIN
  IF TG_TABLE_NAME = 'memory' THEN
    SELECT * INTO item FROM memory WHERE id = NEW.id;
    IF TG_OP = 'UPDATE' THEN
      other_words := OLD.status IN ('proposed', 'trashed') OR OLD.text IS DISTINCT FROM item.text
        OR OLD.data IS DISTINCT FROM item.data;
    END IF;
  ELSIF TG_TABLE_NAME = 'evidence' THEN
    SELECT * INTO item FROM memory WHERE id = OLD.memory_id;
  ELSE
    SELECT * INTO item FROM memory WHERE id = OLD.result_id;
  END IF;
  IF item.id IS NULL OR item.status IN ('proposed', 'trashed') THEN RETURN NULL; END IF;
  IF NOT memory_is_founded(item) THEN
    RAISE EXCEPTION 'memory % may not be %: nothing the person said, wrote or decided stands behind it', item.id, item.status
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_founded';
  END IF;
  IF other_words AND item.store NOT IN ('session_context', 'decision_log', 'feedback')
    AND NOT memory_words_are_founded(item) THEN
    RAISE EXCEPTION 'new words of memory % are refused: nothing the person said, wrote or decided stands behind them', item.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_words_founded';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
-- As before, but words that were never more than proposed or already in the bin are no ground to go back to.
CREATE OR REPLACE FUNCTION memory_words_are_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
  entry journal%ROWTYPE;
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
  RETURN entry.action IN ('undo', 'restore') AND EXISTS (
    SELECT 1 FROM journal past, LATERAL (VALUES (past.before -> 'memory'), (past.after -> 'memory')) AS side (body)
    WHERE past.memory_id = item.id AND past.owner = item.owner AND past.seq < entry.seq
      AND body ->> 'status' NOT IN ('proposed', 'trashed')
      AND body ->> 'text' = item.text AND body -> 'data' = item.data
  );
END
$$;
