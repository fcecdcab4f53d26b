-- The named exceptions of the evidence rule, in one place and item by item: what is seen in its own conversation alone, the
-- assistant's own decisions under the kind that says so, and raw signals of feedback. Everything else of these stores rests
-- on the person's words like any other item, and so do its changes.
CREATE FUNCTION memory_is_exempt(item memory) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT (item.store = 'session_context' AND item.conversation_id IS NOT NULL)
    OR (item.store = 'decision_log' AND item.author = 'assistant' AND item.kind = 'own_decision')
    OR (item.store = 'feedback' AND item.kind = 'signal')
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION memory_is_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF item.status IN ('proposed', 'trashed') OR memory_is_exempt(item) THEN RETURN true; END IF;
  RETURN EXISTS (
      SELECT 1 FROM evidence
      WHERE memory_id = item.id AND owner = item.owner AND origin IN ('user', 'hand')
    ) OR EXISTS (
      SELECT 1 FROM proposal
      WHERE result_id = item.id AND owner = item.owner AND status = 'accepted'
    );
END
$$;
--> statement-breakpoint
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
  IF other_words AND NOT memory_is_exempt(item) AND NOT memory_words_are_founded(item) THEN
    RAISE EXCEPTION 'new words of memory % are refused: nothing the person said, wrote or decided stands behind them', item.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_words_founded';
  END IF;
  RETURN NULL;
END
$$;
