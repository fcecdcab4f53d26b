DROP INDEX "proposal_open";--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "flags" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "result_id" uuid;--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "batch_id" uuid;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_result_id_memory_id_fk" FOREIGN KEY ("result_id") REFERENCES "public"."memory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposal_by_memory" ON "proposal" USING btree ("memory_id");--> statement-breakpoint
CREATE INDEX "proposal_by_result" ON "proposal" USING btree ("result_id") WHERE result_id is not null;--> statement-breakpoint
CREATE INDEX "proposal_by_batch" ON "proposal" USING btree ("batch_id") WHERE batch_id is not null;--> statement-breakpoint
CREATE INDEX "proposal_open" ON "proposal" USING btree ("owner",jsonb_array_length(flags),"created_at","id") WHERE status = 'open';--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_decided" CHECK ((status = 'open') = (decided_at is null) and (status = 'open') = (decided_by is null));--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_accepted" CHECK (status <> 'accepted' or decided_by = 'person');--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_result" CHECK (result_id is null or status = 'accepted');--> statement-breakpoint
ALTER TABLE proposal ALTER COLUMN flags SET STATISTICS 0;
--> statement-breakpoint
-- The evidence rule: what is known of the person, of people and things, and what steers behaviour, rests on words the
-- person typed, on an act by hand, or on a decision they took on a proposal. Named exceptions, by store: what is seen in
-- its own conversation alone, the assistant's own decisions, and raw signals of feedback.
CREATE FUNCTION memory_is_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF item.status IN ('proposed', 'trashed') THEN RETURN true; END IF;
  IF item.store = 'session_context' AND item.conversation_id IS NOT NULL THEN RETURN true; END IF;
  IF item.store = 'decision_log' AND item.author = 'assistant' THEN RETURN true; END IF;
  IF item.store = 'feedback' AND item.kind = 'signal' THEN RETURN true; END IF;
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
-- New words of an item rest on the same ground as a new item: the journal's entry of the change brings the person's
-- words or a decision, or the change goes back to words that stood before.
CREATE FUNCTION memory_words_are_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
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
      AND body ->> 'status' <> 'proposed'
      AND body ->> 'text' = item.text AND body -> 'data' = item.data
  );
END
$$;
--> statement-breakpoint
-- Deferred: an item and its evidence are two rows, and what counts is what stands when they are committed.
CREATE FUNCTION check_memory_foundation() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  item memory%ROWTYPE;
BEGIN
  IF TG_TABLE_NAME = 'memory' THEN
    SELECT * INTO item FROM memory WHERE id = NEW.id;
  ELSIF TG_TABLE_NAME = 'evidence' THEN
    SELECT * INTO item FROM memory WHERE id = OLD.memory_id;
  ELSE
    SELECT * INTO item FROM memory WHERE id = OLD.result_id;
  END IF;
  IF NOT FOUND OR item.status IN ('proposed', 'trashed') THEN RETURN NULL; END IF;
  IF NOT memory_is_founded(item) THEN
    RAISE EXCEPTION 'memory % may not be %: nothing the person said, wrote or decided stands behind it', item.id, item.status
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_founded';
  END IF;
  IF TG_TABLE_NAME = 'memory' AND TG_OP = 'UPDATE' AND (OLD.text IS DISTINCT FROM item.text OR OLD.data IS DISTINCT FROM item.data)
    AND item.store NOT IN ('session_context', 'decision_log', 'feedback') AND NOT memory_words_are_founded(item) THEN
    RAISE EXCEPTION 'new words of memory % are refused: nothing the person said, wrote or decided stands behind them', item.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_words_founded';
  END IF;
  RETURN NULL;
END
$$;
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER memory_founded
  AFTER INSERT OR UPDATE OF status, text, data, owner, store, kind, conversation_id, author ON memory
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_memory_foundation();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER evidence_founds_memory AFTER DELETE ON evidence
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_memory_foundation();
--> statement-breakpoint
CREATE CONSTRAINT TRIGGER proposal_founds_memory AFTER UPDATE OR DELETE ON proposal
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (OLD.result_id IS NOT NULL) EXECUTE FUNCTION check_memory_foundation();
--> statement-breakpoint
-- Where an item comes from never changes. A correction by hand makes the person its author, and undoing it gives it back.
CREATE FUNCTION check_memory_provenance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.owner, NEW.store, NEW.extractor, NEW.created_at)
      IS DISTINCT FROM (OLD.id, OLD.owner, OLD.store, OLD.extractor, OLD.created_at)
    OR (NEW.author <> OLD.author AND 'person' NOT IN (NEW.author, OLD.author)) THEN
    RAISE EXCEPTION 'UPDATE of memory % is refused: where it comes from is kept as it was written', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'memory_provenance';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER memory_provenance BEFORE UPDATE OF id, owner, store, extractor, created_at, author ON memory
  FOR EACH ROW EXECUTE FUNCTION check_memory_provenance();
--> statement-breakpoint
-- What counts as the person's own words stands in a message of theirs when it is written down, word for word. An undo may
-- give back what the journal kept.
CREATE FUNCTION check_evidence_source() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  kept jsonb := jsonb_build_array(jsonb_build_object('id', NEW.id));
BEGIN
  IF EXISTS (
    SELECT 1 FROM message
    WHERE id = NEW.message_id AND owner = NEW.owner AND role = 'user' AND NEW.quote <> '' AND strpos(text, NEW.quote) > 0
  ) OR EXISTS (
    SELECT 1 FROM journal
    WHERE memory_id = NEW.memory_id AND owner = NEW.owner
      AND (before -> 'evidence' @> kept OR after -> 'evidence' @> kept)
  ) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'evidence % is refused: no message of the person holds these words', NEW.id
    USING ERRCODE = 'restrict_violation', CONSTRAINT = 'evidence_said';
END
$$;
--> statement-breakpoint
CREATE TRIGGER evidence_said BEFORE INSERT ON evidence FOR EACH ROW WHEN (NEW.origin = 'user')
  EXECUTE FUNCTION check_evidence_source();
--> statement-breakpoint
-- A decision is kept as it was taken; taking it back opens the proposal again, and forgetting blanks its words.
CREATE FUNCTION check_proposal_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.id, NEW.owner, NEW.store, NEW.action, NEW.created_at)
      IS DISTINCT FROM (OLD.id, OLD.owner, OLD.store, OLD.action, OLD.created_at)
    OR (OLD.status <> 'open' AND NEW.status <> 'open' AND (NEW.status, NEW.decided_at, NEW.decided_by, NEW.result_id, NEW.batch_id)
      IS DISTINCT FROM (OLD.status, OLD.decided_at, OLD.decided_by, OLD.result_id, OLD.batch_id)) THEN
    RAISE EXCEPTION 'UPDATE of proposal % is refused: a decision is kept as it was taken', OLD.id
      USING ERRCODE = 'restrict_violation', CONSTRAINT = 'proposal_kept';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER proposal_kept BEFORE UPDATE ON proposal FOR EACH ROW EXECUTE FUNCTION check_proposal_change();
