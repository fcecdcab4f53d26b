CREATE TABLE "blanked" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"batch_id" uuid NOT NULL,
	"target" text NOT NULL,
	"target_id" uuid NOT NULL,
	"start" integer DEFAULT 0 NOT NULL,
	"text" text NOT NULL,
	CONSTRAINT "blanked_target" CHECK (target in ('message', 'document', 'memory', 'data', 'title', 'name', 'proposal', 'entity', 'bar', 'conversation'))
);
--> statement-breakpoint
CREATE INDEX "blanked_by_batch" ON "blanked" USING btree ("owner","batch_id");--> statement-breakpoint
CREATE INDEX "blanked_by_target" ON "blanked" USING btree ("target_id");--> statement-breakpoint
-- Statistics keep samples of values, where a forgotten sentence would live on.
ALTER TABLE blanked ALTER COLUMN text SET STATISTICS 0;
--> statement-breakpoint
-- The journal is only added to. Three changes are allowed: a purge blanks bodies, a purge takes the quotes out of a body
-- (the words a kept item rests on may be forgotten with another item), and an undo is noted.
CREATE OR REPLACE FUNCTION check_journal_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  expected journal%ROWTYPE := OLD;
BEGIN
  expected.undone_by := NEW.undone_by;
  IF NEW.before = jsonb_set(OLD.before, '{evidence}', '[]', false) THEN expected.before := NEW.before; END IF;
  IF NEW.after = jsonb_set(OLD.after, '{evidence}', '[]', false) THEN expected.after := NEW.after; END IF;
  IF NEW.purged_at IS NOT NULL THEN
    expected.purged_at := COALESCE(OLD.purged_at, NEW.purged_at);
    IF NEW.before IS NULL THEN expected.before := NULL; END IF;
    IF NEW.after IS NULL THEN expected.after := NULL; END IF;
    IF NEW.reason IS NULL THEN expected.reason := NULL; END IF;
  END IF;
  IF NEW IS DISTINCT FROM expected THEN
    RAISE EXCEPTION 'UPDATE of journal is refused: only a purge may blank bodies or quotes, and an undo may be noted'
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END
$$;
