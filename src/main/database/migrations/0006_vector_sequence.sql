ALTER TABLE "embedding" ADD COLUMN "seq" bigserial NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "embedding_by_seq" ON "embedding" USING btree ("seq");--> statement-breakpoint
-- What is kept in memory of a vector holds for its number, so a vector is replaced by a new row.
CREATE TRIGGER embedding_unchanged BEFORE UPDATE ON embedding FOR EACH ROW EXECUTE FUNCTION refuse_change();
