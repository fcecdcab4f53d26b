-- A person's own search over all that is kept (find.ts), messages that recall never sees included. The index of a text holds
-- its words, and for each word of more than three letters its first three, four, five and six, marked `p3`, so that a word is
-- found while it is still being typed. Accents are left out of the beginnings; each sign of Chinese and Japanese is a word.
CREATE FUNCTION words_to_find(body text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT left(body, 100000)
    || ' ' || regexp_replace(
      CASE WHEN body ~ '[^\x01-\x7f]'
        THEN replace(regexp_replace(normalize(left(body, 100000), NFKD), '[\u0300-\u036f]', '', 'g'), 'ß', 'ss')
        ELSE left(body, 100000) END,
      '((((\w{3})\w?)\w?)\w?)\w+', 'p3\1 p3\2 p3\3 p3\4', 'g')
    || CASE WHEN body ~ '[\u2e80-\u9fff]'
      THEN ' ' || regexp_replace(left(body, 100000), '([\u2e80-\u9fff])', ' \1 ', 'g') ELSE '' END
$$;
--> statement-breakpoint
-- An answer is found once it stands: each second of writing it would cost the index another entry.
CREATE INDEX message_find ON message USING bm25 (words_to_find(text)) WITH (text_config = 'public.words')
  WHERE status <> 'pending' AND role <> 'root';
--> statement-breakpoint
CREATE INDEX conversation_find ON conversation USING bm25 (words_to_find(title)) WITH (text_config = 'public.words');
--> statement-breakpoint
CREATE INDEX memory_find ON memory USING bm25 (words_to_find(text)) WITH (text_config = 'public.words');
