-- Samples for statistics of an index over an expression hold the texts it was made of, also forgotten ones, and making them
-- works through thousands of texts anew, while the database answers nobody. No query needs them.
ALTER INDEX message_find ALTER COLUMN 1 SET STATISTICS 0;
--> statement-breakpoint
ALTER INDEX conversation_find ALTER COLUMN 1 SET STATISTICS 0;
--> statement-breakpoint
ALTER INDEX memory_find ALTER COLUMN 1 SET STATISTICS 0;
--> statement-breakpoint
DELETE FROM pg_statistic WHERE starelid IN ('message_find'::regclass, 'conversation_find'::regclass, 'memory_find'::regclass);
