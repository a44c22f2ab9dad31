-- Misspellings are compared with the words that products have, not with the products: a word that ten thousand of them share is compared once.
-- A thousand new products took 1.4 s to be put into indexes of words and trigrams one by one, and a common word of descriptions, misspelt, 5 s.
DROP FUNCTION search_products(uuid, text);
DROP INDEX products_search_trigrams_idx;
ALTER TABLE products DROP COLUMN search_names;
DROP FUNCTION product_names(text, text, text);
-- New products wait in a list to be put into the index together. It is short, because every search reads it as well.
ALTER INDEX products_search_words_idx SET (fastupdate = on, gin_pending_list_limit = 256);

-- The words of an organization's products. Words that two transactions add at the same moment are there twice, so that neither waits for the
-- other; words that no product has any more stay, and lead nowhere.
CREATE TABLE product_vocabulary (
  organization_id uuid NOT NULL,
  word text NOT NULL,
  id uuid NOT NULL,
  CONSTRAINT product_vocabulary_pkey PRIMARY KEY (organization_id, word, id),
  CONSTRAINT product_vocabulary_organization_id_fkey FOREIGN KEY (organization_id) REFERENCES organizations (id) ON DELETE RESTRICT ON UPDATE CASCADE,
  CONSTRAINT product_vocabulary_word_check CHECK (length(word) BETWEEN 3 AND 64)
);
CREATE INDEX product_vocabulary_near_idx ON product_vocabulary USING gin (organization_id uuid_ops, word gin_trgm_ops) WITH (gin_pending_list_limit = 256);
ALTER TABLE product_vocabulary ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON product_vocabulary USING (organization_id = NULLIF(current_setting('app.organization_id', true), '')::uuid);
-- As on products: for the owner, as whom the search runs.
CREATE POLICY search ON product_vocabulary FOR SELECT TO CURRENT_USER USING (true);
GRANT SELECT, INSERT ON product_vocabulary TO quartermaster_runtime;

-- Each word is looked up by itself: as a join, planned before the table has statistics, it would read all words for every product.
CREATE FUNCTION products_learn_words() RETURNS trigger LANGUAGE plpgsql SET search_path = public, pg_temp SET enable_seqscan = off AS $$ BEGIN
  INSERT INTO product_vocabulary (organization_id, word, id)
    SELECT NEW.organization_id, w.lexeme, gen_random_uuid() FROM unnest(NEW.search_words) w
    WHERE length(w.lexeme) BETWEEN 3 AND 64
      AND (SELECT v.id FROM product_vocabulary v WHERE v.organization_id = NEW.organization_id AND v.word = w.lexeme LIMIT 1) IS NULL;
  RETURN NULL;
END $$;
CREATE TRIGGER products_learn_words AFTER INSERT OR UPDATE OF sku, name, description, barcode ON products FOR EACH ROW EXECUTE FUNCTION products_learn_words();

-- The words of the products there are. Row-level security binds the owner too: without the second policy's like for writing, one
-- organization after the other.
DO $$ DECLARE organization uuid; BEGIN
  FOR organization IN SELECT id FROM organizations LOOP
    PERFORM set_config('app.organization_id', organization::text, true);
    INSERT INTO product_vocabulary (organization_id, word, id)
      SELECT organization, w.lexeme, gen_random_uuid()
      FROM (SELECT DISTINCT lexeme FROM products p, unnest(p.search_words) WHERE p.organization_id = organization) w WHERE length(w.lexeme) BETWEEN 3 AND 64;
  END LOOP;
  PERFORM set_config('app.organization_id', '', true);
END $$;

-- Products that match, best first by relevance.
-- 1. Every word of the query is in the product, or begins a word of it: 2 to 4, and 2 more when the query is its SKU or barcode.
-- 2. Only when there is none: for every word of the query the product has one of the ten words nearest to it, or one that begins with it. The
--    relevance is then the mean likeness of those words, 0 to 1, and a little for where they stand; what is much farther off than the best is
--    left out. At most 1,000 products are compared.
CREATE FUNCTION search_products(organization uuid, query text) RETURNS TABLE (id uuid, relevance numeric)
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
    SELECT p.id, round((ts_rank(p.search_words, beginning) + ts_rank(p.search_words, whole))::numeric
      + CASE WHEN p.sku_key = lower(query) OR p.barcode = query THEN 4 ELSE 2 END, 6)
    FROM products p WHERE p.organization_id = organization AND p.search_words @@ beginning;
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
REVOKE EXECUTE ON FUNCTION search_products(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_products(uuid, text) TO quartermaster_runtime;
