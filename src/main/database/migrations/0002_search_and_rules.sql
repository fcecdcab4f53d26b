-- Search by words. One index over all owners and statuses: the searching code takes more rows than it needs and
-- filters after, because a filter inside would make the planner score row by row.
CREATE INDEX memory_words ON memory USING bm25 (text) WITH (text_config = 'public.words');
--> statement-breakpoint
-- Keeps vectors of up to about 2,000 dimensions in the row: a scan over vectors moved out of the row is slow.
ALTER TABLE embedding ALTER COLUMN vector SET STORAGE MAIN;
--> statement-breakpoint
-- Statistics keep samples of values, where a forgotten sentence would live on. No query needs them for these columns.
ALTER TABLE conversation ALTER COLUMN title SET STATISTICS 0, ALTER COLUMN core_block SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE message ALTER COLUMN text SET STATISTICS 0, ALTER COLUMN recalled_block SET STATISTICS 0,
  ALTER COLUMN error SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE entity ALTER COLUMN name SET STATISTICS 0, ALTER COLUMN folded SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE entity_alias ALTER COLUMN alias SET STATISTICS 0, ALTER COLUMN folded SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE memory ALTER COLUMN text SET STATISTICS 0, ALTER COLUMN data SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE evidence ALTER COLUMN quote SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE embedding ALTER COLUMN vector SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE usage ALTER COLUMN reason SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE proposal ALTER COLUMN before SET STATISTICS 0, ALTER COLUMN after SET STATISTICS 0,
  ALTER COLUMN reason SET STATISTICS 0, ALTER COLUMN evidence SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE journal ALTER COLUMN before SET STATISTICS 0, ALTER COLUMN after SET STATISTICS 0,
  ALTER COLUMN reason SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE job ALTER COLUMN payload SET STATISTICS 0, ALTER COLUMN result SET STATISTICS 0,
  ALTER COLUMN error SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE setting ALTER COLUMN value SET STATISTICS 0;
--> statement-breakpoint
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% of % is refused: it is kept as it was written', TG_OP, TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END
$$;
--> statement-breakpoint
-- Evidence is removed with its memory, never changed.
CREATE TRIGGER evidence_unchanged BEFORE UPDATE ON evidence FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- The journal is only added to. Two changes are allowed: a purge blanks bodies, and an undo is noted.
CREATE FUNCTION check_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected journal%ROWTYPE := OLD;
BEGIN
  expected.undone_by := NEW.undone_by;
  IF NEW.purged_at IS NOT NULL THEN
    expected.purged_at := COALESCE(OLD.purged_at, NEW.purged_at);
    IF NEW.before IS NULL THEN expected.before := NULL; END IF;
    IF NEW.after IS NULL THEN expected.after := NULL; END IF;
    IF NEW.reason IS NULL THEN expected.reason := NULL; END IF;
  END IF;
  IF NEW IS DISTINCT FROM expected THEN
    RAISE EXCEPTION 'UPDATE of journal is refused: only a purge may blank bodies, and an undo may be noted'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER journal_append_only BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION check_journal_change();
--> statement-breakpoint
CREATE TRIGGER journal_kept BEFORE DELETE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
CREATE TRIGGER journal_not_emptied BEFORE TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
--> statement-breakpoint
-- One view a store, so that a person can query what was learned without knowing the tables.
CREATE VIEW user_profile AS
  SELECT id, owner, namespace, kind, text, data, confidence, pinned, valid_from, valid_to, created_at, updated_at
  FROM memory WHERE store = 'user_profile' AND status = 'active';
--> statement-breakpoint
CREATE VIEW user_memory AS
  SELECT id, owner, namespace, kind, text, data, confidence, pinned, valid_from, valid_to, created_at, updated_at
  FROM memory WHERE store = 'user_memory' AND status = 'active';
