ALTER TABLE "proposal" ADD COLUMN "entity_id" uuid;--> statement-breakpoint
ALTER TABLE "proposal" ADD CONSTRAINT "proposal_entity_id_entity_id_fk" FOREIGN KEY ("entity_id") REFERENCES "public"."entity"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "proposal_by_entity" ON "proposal" USING btree ("entity_id") WHERE entity_id is not null;