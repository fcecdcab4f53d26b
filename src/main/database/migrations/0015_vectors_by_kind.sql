DROP INDEX "embedding_by_model";--> statement-breakpoint
CREATE INDEX "embedding_by_kind" ON "embedding" USING btree ("owner","model","target_kind");