CREATE TABLE "conversation" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"title" text DEFAULT '' NOT NULL,
	"title_source" text DEFAULT 'auto' NOT NULL,
	"head_id" uuid,
	"core_block" jsonb,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"trashed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "embedding" (
	"target_kind" text NOT NULL,
	"target_id" uuid NOT NULL,
	"part" integer DEFAULT 0 NOT NULL,
	"owner" text NOT NULL,
	"model" text NOT NULL,
	"vector" vector NOT NULL,
	CONSTRAINT "embedding_target_id_part_model_pk" PRIMARY KEY("target_id","part","model")
);
--> statement-breakpoint
CREATE TABLE "entity" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"namespace" text DEFAULT 'user' NOT NULL,
	"type" text NOT NULL,
	"name" text NOT NULL,
	"folded" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"status" text DEFAULT 'active' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entity_alias" (
	"entity_id" uuid NOT NULL,
	"owner" text NOT NULL,
	"alias" text NOT NULL,
	"folded" text NOT NULL,
	CONSTRAINT "entity_alias_entity_id_folded_pk" PRIMARY KEY("entity_id","folded")
);
--> statement-breakpoint
CREATE TABLE "evidence" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"memory_id" uuid NOT NULL,
	"origin" text NOT NULL,
	"conversation_id" uuid,
	"message_id" uuid,
	"quote" text NOT NULL,
	"start" integer,
	"end" integer,
	"at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "evidence_origin" CHECK (origin in ('user', 'hand', 'assistant', 'tool', 'file', 'import', 'team'))
);
--> statement-breakpoint
CREATE TABLE "job" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"kind" text NOT NULL,
	"key" text NOT NULL,
	"payload" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"error" text,
	"result" jsonb,
	"run_after" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "job_key" UNIQUE("owner","kind","key"),
	CONSTRAINT "job_status" CHECK (status in ('queued', 'running', 'done', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "journal" (
	"seq" bigserial PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"batch_id" uuid NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"actor" text NOT NULL,
	"memory_id" uuid NOT NULL,
	"store" text NOT NULL,
	"action" text NOT NULL,
	"before" jsonb,
	"after" jsonb,
	"reason" text,
	"conversation_id" uuid,
	"message_id" uuid,
	"undone_by" uuid,
	"purged_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "memory" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"store" text NOT NULL,
	"namespace" text DEFAULT 'user' NOT NULL,
	"project_id" uuid,
	"conversation_id" uuid,
	"kind" text NOT NULL,
	"subject_id" uuid,
	"object_id" uuid,
	"text" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"status" text NOT NULL,
	"confidence" real DEFAULT 1 NOT NULL,
	"pinned" boolean DEFAULT false NOT NULL,
	"local_only" boolean DEFAULT false NOT NULL,
	"valid_from" timestamp (3) with time zone,
	"valid_to" timestamp (3) with time zone,
	"superseded_by" uuid,
	"author" text NOT NULL,
	"extractor" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"use_count" integer DEFAULT 0 NOT NULL,
	"trashed_at" timestamp (3) with time zone,
	CONSTRAINT "memory_status" CHECK (status in ('proposed', 'active', 'paused', 'superseded', 'archived', 'trashed')),
	CONSTRAINT "memory_confidence" CHECK (confidence between 0 and 1),
	CONSTRAINT "memory_superseded" CHECK (superseded_by is null or status <> 'active')
);
--> statement-breakpoint
CREATE TABLE "message" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"conversation_id" uuid NOT NULL,
	"parent_id" uuid,
	"role" text NOT NULL,
	"text" text NOT NULL,
	"status" text NOT NULL,
	"error" jsonb,
	"model" text,
	"stats" jsonb,
	"recalled_block" jsonb,
	"learnable" boolean DEFAULT true NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "message_role" CHECK (role in ('root', 'user', 'assistant')),
	CONSTRAINT "message_tree" CHECK ((role = 'root') = (parent_id is null)),
	CONSTRAINT "message_status" CHECK (status in ('pending', 'complete', 'stopped', 'cut', 'failed', 'interrupted'))
);
--> statement-breakpoint
CREATE TABLE "proposal" (
	"id" uuid PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"store" text NOT NULL,
	"action" text NOT NULL,
	"memory_id" uuid,
	"base_version" integer,
	"before" jsonb,
	"after" jsonb,
	"reason" text DEFAULT '' NOT NULL,
	"evidence" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"status" text DEFAULT 'open' NOT NULL,
	"fingerprint" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"decided_at" timestamp (3) with time zone,
	"decided_by" text,
	CONSTRAINT "proposal_status" CHECK (status in ('open', 'accepted', 'declined', 'expired'))
);
--> statement-breakpoint
CREATE TABLE "setting" (
	"owner" text NOT NULL,
	"key" text NOT NULL,
	"value" jsonb NOT NULL,
	CONSTRAINT "setting_owner_key_pk" PRIMARY KEY("owner","key")
);
--> statement-breakpoint
CREATE TABLE "usage" (
	"message_id" uuid NOT NULL,
	"rank" integer NOT NULL,
	"owner" text NOT NULL,
	"memory_id" uuid,
	"memory_version" integer NOT NULL,
	"store" text NOT NULL,
	"section" text NOT NULL,
	"reason" jsonb NOT NULL,
	"tokens" integer NOT NULL,
	CONSTRAINT "usage_message_id_rank_pk" PRIMARY KEY("message_id","rank")
);
--> statement-breakpoint
ALTER TABLE "entity_alias" ADD CONSTRAINT "entity_alias_entity_id_entity_id_fk" FOREIGN KEY ("entity_id") REFERENCES "public"."entity"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "evidence" ADD CONSTRAINT "evidence_memory_id_memory_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory" ADD CONSTRAINT "memory_subject_id_entity_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."entity"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "memory" ADD CONSTRAINT "memory_object_id_entity_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."entity"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message" ADD CONSTRAINT "message_conversation_id_conversation_id_fk" FOREIGN KEY ("conversation_id") REFERENCES "public"."conversation"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_memory_id_memory_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memory"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_message_id_message_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."message"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "usage" ADD CONSTRAINT "usage_memory_id_memory_id_fk" FOREIGN KEY ("memory_id") REFERENCES "public"."memory"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "conversation_by_update" ON "conversation" USING btree ("owner","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "embedding_by_model" ON "embedding" USING btree ("owner","model");--> statement-breakpoint
CREATE INDEX "entity_by_name" ON "entity" USING btree ("owner","folded","type");--> statement-breakpoint
CREATE INDEX "entity_alias_by_name" ON "entity_alias" USING btree ("owner","folded");--> statement-breakpoint
CREATE INDEX "evidence_by_memory" ON "evidence" USING btree ("memory_id");--> statement-breakpoint
CREATE INDEX "evidence_by_message" ON "evidence" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "job_waiting" ON "job" USING btree ("run_after","id") WHERE status in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "journal_by_batch" ON "journal" USING btree ("batch_id");--> statement-breakpoint
CREATE INDEX "journal_by_memory" ON "journal" USING btree ("memory_id","seq");--> statement-breakpoint
CREATE INDEX "journal_by_message" ON "journal" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "journal_by_owner" ON "journal" USING btree ("owner","seq");--> statement-breakpoint
CREATE INDEX "memory_by_update" ON "memory" USING btree ("owner","status","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "memory_by_store" ON "memory" USING btree ("owner","store","status");--> statement-breakpoint
CREATE INDEX "memory_by_kind" ON "memory" USING btree ("owner","store","kind") WHERE status = 'active';--> statement-breakpoint
CREATE INDEX "message_by_conversation" ON "message" USING btree ("conversation_id","created_at","id");--> statement-breakpoint
CREATE INDEX "message_by_parent" ON "message" USING btree ("parent_id");--> statement-breakpoint
CREATE UNIQUE INDEX "message_one_root" ON "message" USING btree ("conversation_id") WHERE role = 'root';--> statement-breakpoint
CREATE INDEX "proposal_open" ON "proposal" USING btree ("owner","created_at") WHERE status = 'open';--> statement-breakpoint
CREATE INDEX "proposal_declined" ON "proposal" USING btree ("owner","fingerprint") WHERE fingerprint is not null;--> statement-breakpoint
CREATE INDEX "usage_by_memory" ON "usage" USING btree ("memory_id");