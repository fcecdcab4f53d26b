DROP INDEX "memory_by_subject";--> statement-breakpoint
DROP INDEX "memory_by_object";--> statement-breakpoint
CREATE INDEX "memory_by_subject" ON "memory" USING btree ("owner","subject_id","status","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE subject_id is not null;--> statement-breakpoint
CREATE INDEX "memory_by_object" ON "memory" USING btree ("owner","object_id","status","updated_at" DESC NULLS LAST,"id" DESC NULLS LAST) WHERE object_id is not null;