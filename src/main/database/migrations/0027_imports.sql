CREATE TABLE "import_row" (
	"import_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"n" bigint NOT NULL,
	"id" uuid,
	"verdict" text DEFAULT 'new' NOT NULL,
	"reason" text,
	"place" text,
	"body" text,
	"before" jsonb,
	CONSTRAINT "import_row_import_id_kind_n_pk" PRIMARY KEY("import_id","kind","n"),
	CONSTRAINT "import_row_verdict" CHECK (verdict in ('new', 'same', 'changed', 'conflicting', 'refused', 'added', 'replaced', 'proposed'))
);
--> statement-breakpoint
CREATE TABLE "import_run" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"format" text NOT NULL,
	"name" text NOT NULL,
	"state" text DEFAULT 'reading' NOT NULL,
	"archive" jsonb,
	"report" jsonb,
	"choices" jsonb,
	"error" jsonb,
	"batch_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"published_at" timestamp (3) with time zone,
	"undone_at" timestamp (3) with time zone,
	CONSTRAINT "import_run_state" CHECK (state in ('reading', 'ready', 'publishing', 'done', 'undone', 'failed', 'cancelled'))
);
--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "imported" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "import_row" ADD CONSTRAINT "import_row_import_id_import_run_id_fk" FOREIGN KEY ("import_id") REFERENCES "public"."import_run"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_run_by_time" ON "import_run" USING btree ("owner","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
-- Statistics keep samples of values, where a forgotten sentence would live on.
ALTER TABLE import_row ALTER COLUMN body SET STATISTICS 0, ALTER COLUMN before SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE import_run ALTER COLUMN report SET STATISTICS 0;
--> statement-breakpoint
-- Compressing a line that is read once costs more than the room it takes.
ALTER TABLE import_row ALTER COLUMN body SET STORAGE EXTERNAL;
--> statement-breakpoint
-- Words that came in with an import are never the person's own typed word, whatever their evidence says of itself.
CREATE OR REPLACE FUNCTION memory_is_founded(item memory) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  IF item.status IN ('proposed', 'trashed') OR memory_is_exempt(item) THEN RETURN true; END IF;
  RETURN EXISTS (
      SELECT 1 FROM evidence
      WHERE memory_id = item.id AND owner = item.owner AND origin IN ('user', 'hand')
        AND NOT EXISTS (SELECT 1 FROM message WHERE message.id = evidence.message_id AND message.imported)
    ) OR EXISTS (
      SELECT 1 FROM proposal
      WHERE result_id = item.id AND owner = item.owner AND status = 'accepted'
    );
END
$$;
