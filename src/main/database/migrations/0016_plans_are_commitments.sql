-- The kind of memory that was called "plan" is called "commitment" from here on.
UPDATE "memory" SET "kind" = 'commitment' WHERE "store" = 'user_memory' AND "kind" = 'plan';--> statement-breakpoint
UPDATE "memory" SET "data" = jsonb_set("data", '{label}', '"commitment"') WHERE "store" = 'entity_memory' AND "data" ->> 'label' = 'plan';
