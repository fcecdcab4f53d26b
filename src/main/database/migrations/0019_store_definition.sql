CREATE TABLE "store_definition" (
	"id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"definition" jsonb NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"trashed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE INDEX "store_definition_by_owner" ON "store_definition" USING btree ("owner","created_at");