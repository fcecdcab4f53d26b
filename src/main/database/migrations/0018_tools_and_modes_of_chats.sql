ALTER TABLE "blanked" DROP CONSTRAINT "blanked_target";--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "mode" text DEFAULT 'normal' NOT NULL;--> statement-breakpoint
ALTER TABLE "conversation" ADD COLUMN "tools" jsonb;--> statement-breakpoint
ALTER TABLE "message" ADD COLUMN "calls" jsonb;--> statement-breakpoint
ALTER TABLE "proposal" ADD COLUMN "message_id" uuid;--> statement-breakpoint
CREATE INDEX "proposal_by_message" ON "proposal" USING btree ("message_id") WHERE status = 'open';--> statement-breakpoint
ALTER TABLE "blanked" ADD CONSTRAINT "blanked_target" CHECK (target in ('message', 'document', 'title', 'name', 'proposal', 'calls', 'bar', 'conversation'));--> statement-breakpoint
ALTER TABLE "conversation" ADD CONSTRAINT "conversation_mode" CHECK (mode in ('normal', 'read_only', 'incognito'));