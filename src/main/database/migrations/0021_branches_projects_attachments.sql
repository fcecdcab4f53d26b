CREATE TABLE "project" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"instructions" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"trashed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "queued_message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"text" text NOT NULL,
	"documents" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "project_id" uuid;--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "pinned_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "archived_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "unread" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "message_id" uuid;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "staged_for" uuid;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "folder" text;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "kind" text DEFAULT 'text' NOT NULL;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "bytes" bigint;--> statement-breakpoint
ALTER TABLE "document" ADD COLUMN "pages" integer;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "depth" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "thoughts" text;--> statement-breakpoint
ALTER TABLE "queued_message" ADD CONSTRAINT "queued_message_conversation_id_conversation_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "project_by_name" ON "project" USING btree ("owner","name");--> statement-breakpoint
CREATE INDEX "queued_message_by_conversation" ON "queued_message" USING btree ("conversation_id","created_at","id");--> statement-breakpoint
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_project_id_project_id_fk" FOREIGN KEY ("project_id") REFERENCES "public"."project"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_by_project" ON "conversation" USING btree ("project_id") WHERE project_id is not null;--> statement-breakpoint
CREATE INDEX "document_by_message" ON "document" USING btree ("message_id") WHERE message_id is not null;--> statement-breakpoint
CREATE INDEX "document_by_composer" ON "document" USING btree ("staged_for") WHERE staged_for is not null;--> statement-breakpoint
ALTER TABLE "document" ADD CONSTRAINT "document_kind" CHECK (kind in ('text', 'markdown', 'code', 'pdf', 'pasted'));--> statement-breakpoint
-- Where in its branch each message stands, for those that are there already.
WITH RECURSIVE placed AS (
  SELECT id, 0 AS depth FROM message WHERE parent_id IS NULL
  UNION ALL
  SELECT message.id, placed.depth + 1 FROM message JOIN placed ON message.parent_id = placed.id
)
UPDATE message SET depth = placed.depth FROM placed WHERE placed.id = message.id;
--> statement-breakpoint
CREATE FUNCTION message_depth() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.depth := coalesce((SELECT depth + 1 FROM message WHERE id = NEW.parent_id), 0);
  RETURN NEW;
END
$$;
--> statement-breakpoint
CREATE TRIGGER message_depth BEFORE INSERT ON message FOR EACH ROW EXECUTE FUNCTION message_depth();
