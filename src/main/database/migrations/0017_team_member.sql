CREATE TABLE "team_member" (
	"team" text NOT NULL,
	"owner" text NOT NULL,
	"name" text NOT NULL,
	"joined_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "team_member_team_owner_pk" PRIMARY KEY("team","owner")
);
--> statement-breakpoint
CREATE INDEX "team_member_by_owner" ON "team_member" USING btree ("owner");