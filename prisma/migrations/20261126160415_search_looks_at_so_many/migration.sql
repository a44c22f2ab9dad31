-- Products that match, best first by relevance.
-- 1. Every word of the query is in the product, or begins a word of it: 2 to 4, and 2 more when the query is its SKU or barcode. Of more than
--    10,000 these and the newest are found: a letter with which every product has a word would otherwise have all of them ranked, for each page.
-- 2. Only when there is none: for every word of the query the product has one of the ten words nearest to it, or one that begins with it. The
--    relevance is then the mean likeness of those words, 0 to 1, and a little for where they stand; what is much farther off than the best is
--    left out. At most 1,000 products are compared.
CREATE OR REPLACE FUNCTION search_products(organization uuid, query text) RETURNS TABLE (id uuid, relevance numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  words text[] := string_to_array(search_fold(query), ' ');
  together text := array_to_string(words, '');
  whole tsquery;
  beginning tsquery;
  near_terms tsquery[];
  near_to integer[]; -- which word of the query each term is near to
  likeness real[];
  nearly tsquery;
BEGIN
  -- The organization of this transaction and no other, whatever the argument says.
  IF organization IS DISTINCT FROM NULLIF(current_setting('app.organization_id', true), '')::uuid OR together = '' THEN RETURN; END IF;

  -- In quotes, which no word has in it: whatever else it has is not taken for an operator.
  SELECT to_tsquery('simple', string_agg(format($w$'%s'$w$, w), ' & ') || format($w$ | '%s'$w$, together)),
         to_tsquery('simple', string_agg(format($w$'%s':*$w$, w), ' & ') || format($w$ | '%s':*$w$, together))
    INTO whole, beginning FROM unnest(words) w;
  RETURN QUERY
    SELECT p.id, round((ts_rank(p.search_words, beginning) + ts_rank(p.search_words, whole))::numeric + CASE WHEN p.named THEN 4 ELSE 2 END, 6)
    FROM (
      SELECT q.id, q.search_words, coalesce(q.sku_key = lower(query) OR q.barcode = query, false) AS named
      FROM products q WHERE q.organization_id = organization AND q.search_words @@ beginning
      ORDER BY named DESC, q.created_at DESC, q.id DESC LIMIT 10000) p;
  IF FOUND THEN RETURN; END IF;

  -- Something like a SKU, written without blanks, is near as a whole or not at all.
  IF query !~ '\s' THEN words := ARRAY[together]; END IF;
  -- One wrong letter of four. Not a setting of the function: while pg_trgm is not loaded in a session only a superuser could create it so.
  PERFORM set_config('pg_trgm.similarity_threshold', '0.25', true);
  WITH near AS (
    SELECT w.n, to_tsquery('simple', format($w$'%s'$w$, v.word)) AS term, v.likeness
    FROM unnest(words) WITH ORDINALITY w (word, n) CROSS JOIN LATERAL (
      SELECT d.word, similarity(d.word, w.word) AS likeness FROM product_vocabulary d
      WHERE d.organization_id = organization AND d.word % w.word GROUP BY d.word ORDER BY likeness DESC, d.word LIMIT 10) v
    UNION ALL
    SELECT w.n, to_tsquery('simple', format($w$'%s':*$w$, w.word)), 0.9 FROM unnest(words) WITH ORDINALITY w (word, n))
  SELECT array_agg(n), array_agg(term), array_agg(near.likeness),
      (SELECT string_agg('(' || alternatives || ')', ' & ') FROM (SELECT string_agg(term::text, ' | ') AS alternatives FROM near GROUP BY n) a)::tsquery
    INTO near_to, near_terms, likeness, nearly FROM near;
  RETURN QUERY
    SELECT c.id, round((c.mean + 0.1 * c.rank)::numeric, 6) FROM (
      SELECT p.id, ts_rank(p.search_words, nearly) AS rank, m.mean, max(m.mean) OVER () AS best
      FROM (SELECT q.id, q.search_words FROM products q WHERE q.organization_id = organization AND q.search_words @@ nearly LIMIT 1000) p
      CROSS JOIN LATERAL (
        SELECT avg(b.likeness) AS mean FROM (
          SELECT max(t.likeness) AS likeness FROM unnest(near_to, near_terms, likeness) t (n, term, likeness) WHERE p.search_words @@ t.term GROUP BY t.n) b) m) c
    WHERE c.mean >= 0.75 * c.best;
END $$;
