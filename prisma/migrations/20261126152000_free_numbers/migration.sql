-- NUM-2: the next numbers of a series that no document has. A caller or an import may have brought some of them already; they are passed
-- over, a window of numbers at a time, because a company may have brought hundreds of thousands. Whoever asks holds the series until commit,
-- and each statement of a function sees what was committed before it.
CREATE FUNCTION take_numbers(organization uuid, series text, wanted integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  prefix text := CASE series WHEN 'order' THEN 'SO-' WHEN 'return' THEN 'RT-' END;
  value bigint;
  digits integer;
  last bigint;
  lowest text;
  highest text;
  -- As a rule nobody brought any.
  size integer := wanted;
  given integer := 0;
  candidate text;
BEGIN
  INSERT INTO number_series (organization_id, kind, next_value) VALUES (organization, series, 1) ON CONFLICT DO NOTHING;
  SELECT s.next_value INTO value FROM number_series s WHERE s.organization_id = organization AND s.kind = series FOR NO KEY UPDATE;
  LOOP
    -- Numbers of one length, whose order is that of their text, so that those brought are a range of the index.
    digits := greatest(6, length(value::text));
    last := least(value + size - 1, 10::numeric ^ digits - 1);
    lowest := prefix || lpad(value::text, digits, '0');
    highest := prefix || lpad(last::text, digits, '0');
    FOR candidate IN
      SELECT prefix || lpad(n::text, digits, '0') FROM generate_series(value, last) AS n
      EXCEPT SELECT o.number FROM orders o WHERE series = 'order' AND o.organization_id = organization AND o.number BETWEEN lowest AND highest
      EXCEPT SELECT r.number FROM returns r WHERE series = 'return' AND r.organization_id = organization AND r.number BETWEEN lowest AND highest
      ORDER BY 1 LIMIT wanted - given
    LOOP
      given := given + 1;
      RETURN NEXT candidate;
    END LOOP;
    EXIT WHEN given = wanted;
    value := last + 1;
    size := 10000;
  END LOOP;
  UPDATE number_series s SET next_value = substr(candidate, length(prefix) + 1)::bigint + 1 WHERE s.organization_id = organization AND s.kind = series;
END $$;
