CREATE TABLE "document" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"conversation_id" uuid,
	"name" text NOT NULL,
	"text" text NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"trashed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "passage" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"source" text NOT NULL,
	"message_id" uuid,
	"document_id" uuid,
	"conversation_id" uuid,
	"part" integer NOT NULL,
	"voice" text NOT NULL,
	"text" text NOT NULL,
	"start" integer NOT NULL,
	"end" integer NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "passage_source" CHECK ((source = 'message') = (message_id is not null) and (source = 'document') = (document_id is not null)),
	CONSTRAINT "passage_voice" CHECK (voice in ('person', 'assistant', 'quoted', 'document'))
);
--> statement-breakpoint
ALTER TABLE "usage" ALTER COLUMN "memory_version" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "usage" ALTER COLUMN "store" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "evidence" ADD COLUMN "document_id" uuid;--> statement-breakpoint
ALTER TABLE "usage" ADD COLUMN "passage_id" uuid;--> statement-breakpoint
ALTER TABLE "document" ADD CONSTRAINT "document_conversation_id_conversation_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passage" ADD CONSTRAINT "passage_message_id_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."message"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passage" ADD CONSTRAINT "passage_document_id_document_id_fk" FOREIGN KEY ("document_id") REFERENCES "public"."document"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "document_by_creation" ON "document" USING btree ("owner","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "passage_by_message" ON "passage" USING btree ("message_id","part");--> statement-breakpoint
CREATE INDEX "passage_by_document" ON "passage" USING btree ("document_id","part");--> statement-breakpoint
CREATE INDEX "passage_by_conversation" ON "passage" USING btree ("conversation_id","at","part");--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_passage_id_passage_id_fk" FOREIGN KEY ("passage_id") REFERENCES "public"."passage"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
-- Search by words over conversations and documents, as over memories: filters come after ranking.
CREATE INDEX passage_words ON passage USING bm25 (text) WITH (text_config = 'public.words');
--> statement-breakpoint
-- Statistics keep samples of values, where a forgotten sentence would live on.
ALTER TABLE passage ALTER COLUMN text SET STATISTICS 0;
--> statement-breakpoint
ALTER TABLE document ALTER COLUMN text SET STATISTICS 0, ALTER COLUMN name SET STATISTICS 0;
