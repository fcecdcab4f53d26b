-- What the tables and indexes below rest on. The names live in `public`, the only schema on the search path.
CREATE EXTENSION IF NOT EXISTS vector;
--> statement-breakpoint
CREATE EXTENSION IF NOT EXISTS pg_textsearch;
--> statement-breakpoint
-- How words are cut for search: English stemming ("moved" finds "moving"), but no stop words, because "Will", "May"
-- and the German "die" are then lost; BM25 itself weighs frequent words down. A word of another language is stemmed
-- the same way in memory and question, so it still finds itself.
CREATE TEXT SEARCH DICTIONARY public.word_stem (TEMPLATE = snowball, LANGUAGE = english);
--> statement-breakpoint
CREATE TEXT SEARCH CONFIGURATION public.words (COPY = simple);
--> statement-breakpoint
ALTER TEXT SEARCH CONFIGURATION public.words
  ALTER MAPPING FOR asciiword, asciihword, hword_asciipart, word, hword, hword_part WITH public.word_stem;
