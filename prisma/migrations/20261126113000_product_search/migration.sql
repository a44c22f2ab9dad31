-- Full-text search of products with tolerance for misspellings (docs/adr/0007). Both extensions are trusted: the owner of the database may
-- create them.
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin; -- organization_id in the same index as the words

-- How text is compared: without case, accents and punctuation, whatever the locale of the server. (Bodies after RETURN are bound to what they
-- call when they are created, so a restored dump finds it whatever its search_path.)
CREATE FUNCTION search_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(regexp_replace(lower(normalize(value, NFKD)), '[\u0300-\u036F]+', '', 'g'),
  '[\u0001-\u002F\u003A-\u0040\u005B-\u0060\u007B-\u00BF\u00D7\u00F7\u1680\u2000-\u206F\u3000-\u303F\uFEFF]+', ' ', 'g'));

-- A SKU is found with and without its hyphens. What the name says weighs most, the description least.
CREATE FUNCTION product_words(sku text, name text, description text, barcode text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN setweight(to_tsvector('simple'::regconfig, search_fold(name)), 'A')
  || setweight(to_tsvector('simple'::regconfig, search_fold(sku) || ' ' || replace(search_fold(sku), ' ', '') || coalesce(' ' || search_fold(barcode), '')), 'B')
  || setweight(to_tsvector('simple'::regconfig, coalesce(search_fold(description), '')), 'D');
CREATE FUNCTION product_names(sku text, name text, barcode text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN search_fold(name || ' ' || sku) || ' ' || replace(search_fold(sku), ' ', '') || coalesce(' ' || search_fold(barcode), '');

ALTER TABLE products
  ADD COLUMN search_words tsvector GENERATED ALWAYS AS (product_words(sku, name, description, barcode)) STORED,
  ADD COLUMN search_names text GENERATED ALWAYS AS (product_names(sku, name, barcode)) STORED;

-- fastupdate off: no search pays for a list of changes that are still to be put into the index.
CREATE INDEX products_search_words_idx ON products USING gin (organization_id uuid_ops, search_words) WITH (fastupdate = off);
-- The beginning of a description is enough to find it by a misspelled word, and bounds what a comparison costs.
CREATE INDEX products_search_trigrams_idx ON products USING gin (organization_id, search_names gin_trgm_ops, (search_fold(left(description, 300))) gin_trgm_ops)
  WITH (fastupdate = off);

-- A policy is applied before operators that are not leakproof, so it keeps @@ and %> out of the indexes. The search runs as the owner of the
-- tables, for whom there is this second policy, and sees to the organization itself.
CREATE POLICY search ON products FOR SELECT TO CURRENT_USER USING (true);

-- Products that match, best first by relevance. 1. Every word of the query is in the product, or begins a word of it: 2 to 4, and 2 more when
-- the query is its SKU or barcode. 2. Only when there is none: every word is near to one in name, SKU or barcode; else near to one of these or
-- of the description; else less near to one in name, SKU or barcode. Then the relevance is the similarity, 0 to 1, and what is much farther
-- off than the best is left out. Of near matches at most 1,000 are compared.
CREATE FUNCTION search_products(organization uuid, query text) RETURNS TABLE (id uuid, relevance numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER ROWS 50 SET search_path = public, pg_temp SET plan_cache_mode = force_custom_plan AS $$
DECLARE
  words text[] := string_to_array(search_fold(query), ' ');
  together text := array_to_string(words, '');
  whole tsquery;
  beginning tsquery;
  step record;
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
  IF FOUND OR length(together) < 4 THEN RETURN; END IF;

  -- Something like a SKU, written without blanks, is near as a whole or not at all.
  IF query !~ '\s' THEN words := ARRAY[together]; END IF;
  FOR step IN SELECT * FROM (VALUES
    ('0.5', 'p.search_names %%> %1$L'),
    ('0.5', '(p.search_names %%> %1$L OR search_fold(left(p.description, 300)) %%> %1$L)'),
    ('0.3', 'p.search_names %%> %1$L')) AS steps (threshold, condition)
  LOOP
    -- Not a setting of the function: while pg_trgm is not loaded in a session only a superuser could create (or restore) it with that.
    PERFORM set_config('pg_trgm.word_similarity_threshold', step.threshold, true);
    RETURN QUERY EXECUTE format($q$
      SELECT near.id, near.similarity FROM (
        SELECT c.id, c.similarity, max(c.similarity) OVER () AS best FROM (
          SELECT p.id, (
            SELECT round(avg(greatest(word_similarity(w, p.search_names), word_similarity(w, search_fold(left(p.description, 300)))))::numeric, 6)
            FROM unnest($2) w) AS similarity
          FROM products p WHERE p.organization_id = $1 AND %s LIMIT 1000) c) near
      WHERE near.similarity >= 0.75 * near.best$q$,
      (SELECT string_agg(format(step.condition, w), ' AND ') FROM unnest(words) w)) USING organization, words;
    IF FOUND THEN RETURN; END IF;
  END LOOP;
END $$;
REVOKE EXECUTE ON FUNCTION search_products(uuid, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_products(uuid, text) TO quartermaster_runtime;
