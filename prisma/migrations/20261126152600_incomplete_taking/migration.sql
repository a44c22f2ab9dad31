-- STK-6: what a statement does when its guarded UPDATE took fewer levels than it wanted. COMMIT travels behind it, so that only an error keeps
-- the levels it did take as they were. The SQLSTATE is our own: the whole unit is tried again, and sees what there is now.
CREATE FUNCTION refuse_incomplete_taking() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
  RAISE EXCEPTION 'stock levels changed while they were taken' USING ERRCODE = 'QM409';
END $$;
