DROP INDEX "proposal_open";--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "snoozed_until" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "proposal_open" ON "proposal" USING btree ("owner","created_at","id") WHERE status = 'open';