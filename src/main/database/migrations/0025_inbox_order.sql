DROP INDEX "proposal_open";--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "group_key" text DEFAULT '' NOT NULL;--> statement-breakpoint
CREATE INDEX "proposal_decided_last" ON "proposal" USING btree ("owner","decided_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE status <> 'open';--> statement-breakpoint
CREATE INDEX "proposal_open" ON "proposal" USING btree ("owner","group_key","created_at","id","store","snoozed_until") WHERE status = 'open';--> statement-breakpoint
-- The order of the inbox, as a value that an index can hold: flagged ones last, then by the chat or document a suggestion came
-- from. Ids grow with time, so the oldest chat stands first, and "~" stands behind every id.
CREATE FUNCTION proposal_group_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.group_key := (CASE WHEN jsonb_array_length(NEW.flags) > 0 THEN '1 ' ELSE '0 ' END) || coalesce(
    (SELECT conversation_id::text FROM message WHERE id = NEW.message_id), NEW.evidence -> 0 ->> 'documentId', '~');
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER proposal_group_key BEFORE INSERT OR UPDATE OF status, flags, evidence, message_id ON proposal
  FOR EACH ROW EXECUTE FUNCTION proposal_group_key();
--> statement-breakpoint
-- A decided one gets its place when it is opened again.
UPDATE proposal SET status = status WHERE status = 'open';
