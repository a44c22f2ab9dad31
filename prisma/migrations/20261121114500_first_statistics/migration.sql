-- Until a table is analyzed for the first time the planner takes organization_id for selective. Plans made then, also those of foreign
-- keys, may look up one order by reading all of an organization's, and a session keeps them until the next ANALYZE: autovacuum brings it
-- within a minute, and an import writes half a million rows before. The runtime role owns no table, so it can't ANALYZE by itself.
CREATE FUNCTION gather_first_statistics() RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE t record; analyzed integer := 0;
BEGIN
  FOR t IN
    SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.reltuples < 0 AND pg_relation_size(c.oid) > 0 ORDER BY c.relname
  LOOP
    EXECUTE format('ANALYZE (SKIP_LOCKED) %I', t.relname);
    analyzed := analyzed + 1;
  END LOOP;
  RETURN analyzed;
END $$;
REVOKE EXECUTE ON FUNCTION gather_first_statistics() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gather_first_statistics() TO quartermaster_runtime;
