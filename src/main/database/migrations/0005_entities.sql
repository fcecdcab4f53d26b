ALTER TABLE "entity" ADD COLUMN "merged_into" uuid;--> statement-breakpoint
ALTER TABLE "entity" ADD COLUMN "mentioned_at" timestamp (3) with time zone NOT NULL;--> statement-breakpoint
ALTER TABLE "entity_alias" ADD COLUMN "derived" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "journal" ADD COLUMN "target" text DEFAULT 'memory' NOT NULL;--> statement-breakpoint
CREATE INDEX "entity_by_mention" ON "entity" USING btree ("owner","status","mentioned_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "entity_by_merge" ON "entity" USING btree ("merged_into") WHERE merged_into is not null;--> statement-breakpoint
CREATE INDEX "memory_by_subject" ON "memory" USING btree ("subject_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE subject_id is not null;--> statement-breakpoint
CREATE INDEX "memory_by_object" ON "memory" USING btree ("object_id","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE object_id is not null;--> statement-breakpoint
ALTER TABLE "entity" ADD CONSTRAINT "entity_type" CHECK (type in ('person', 'organization', 'project', 'place', 'thing'));--> statement-breakpoint
ALTER TABLE "entity" ADD CONSTRAINT "entity_status" CHECK (status in ('proposed', 'active', 'archived', 'superseded', 'trashed'));--> statement-breakpoint
ALTER TABLE "entity" ADD CONSTRAINT "entity_merged" CHECK ((merged_into is not null) = (status = 'superseded'));--> statement-breakpoint
-- What is known of people and things, by the entity it is known of now: a merged entity shows as the one it turned out to be.
CREATE VIEW entity_memory AS
  SELECT m.id, m.owner, m.namespace, m.kind, subject.name AS subject, subject.type AS subject_type,
    m.data ->> 'relation' AS relation, object.name AS object, object.type AS object_type,
    m.text, m.data, m.confidence, m.pinned, m.valid_from, m.valid_to, m.created_at, m.updated_at
  FROM memory m
  LEFT JOIN entity said_of ON said_of.id = m.subject_id
  LEFT JOIN entity subject ON subject.id = coalesce(said_of.merged_into, said_of.id)
  LEFT JOIN entity said_to ON said_to.id = m.object_id
  LEFT JOIN entity object ON object.id = coalesce(said_to.merged_into, said_to.id)
  WHERE m.store = 'entity_memory' AND m.status = 'active';
