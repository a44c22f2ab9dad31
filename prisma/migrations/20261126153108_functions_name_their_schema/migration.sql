-- Whatever a stored expression calls must be found whatever the search_path is: pg_restore, logical replication and maintenance work with an
-- empty one. A dump could not be restored: its rows come back past CHECKs that call is_sound(), and is_sound() did not find assert_sound().
-- (See docs/DEPLOYMENT.md for dumps that were taken before.)

-- Those that every order or every row of a list calls name what they call. A function with a setting of its own takes microseconds more, and
-- is not inlined. The bodies are otherwise left as they are, so they are not said here once more.
DO $$ DECLARE f record; BEGIN
  FOR f IN
    SELECT p.oid FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND p.proname IN ('is_sound', 'money_text', 'price_text', 'assert_session', 'guard_customer_credit')
  LOOP
    EXECUTE regexp_replace(regexp_replace(pg_get_functiondef(f.oid),
      '(?<![.\w])(assert_sound|currency_minor_units)\(', 'public.\1(', 'g'),
      '(FROM\s+)(sessions|customers|organizations|orders)\M', '\1public.\2', 'g');
  END LOOP;
END $$;

-- Those that run seldom have it set.
ALTER FUNCTION take_numbers(uuid, text, integer) SET search_path = public, pg_temp;
ALTER FUNCTION users_touch_sessions() SET search_path = public, pg_temp;
ALTER FUNCTION users_end_challenges() SET search_path = public, pg_temp;
ALTER FUNCTION memberships_touch_sessions() SET search_path = public, pg_temp;
ALTER FUNCTION memberships_keep_admin() SET search_path = public, pg_temp;
ALTER FUNCTION membership_stores_touch_sessions() SET search_path = public, pg_temp;
ALTER FUNCTION assert_money_adds_up() SET search_path = public, pg_temp;
