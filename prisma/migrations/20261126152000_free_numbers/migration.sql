-- NUM-2: the next numbers of a series that no document has. A caller or an import may have brought some of them already; they are passed
-- over. Whoever asks holds the series until commit, and each statement of a function sees what was committed before it.
CREATE FUNCTION take_numbers(organization uuid, series text, wanted integer) RETURNS SETOF text LANGUAGE plpgsql AS $$
DECLARE
  prefix text := CASE series WHEN 'order' THEN 'SO-' WHEN 'return' THEN 'RT-' END;
  value bigint;
  candidate text;
  taken boolean;
  given integer := 0;
BEGIN
  INSERT INTO number_series (organization_id, kind, next_value) VALUES (organization, series, 1) ON CONFLICT DO NOTHING;
  SELECT s.next_value INTO value FROM number_series s WHERE s.organization_id = organization AND s.kind = series FOR NO KEY UPDATE;
  WHILE given < wanted LOOP
    candidate := prefix || lpad(value::text, greatest(6, length(value::text)), '0');
    IF series = 'order' THEN
      taken := EXISTS (SELECT FROM orders o WHERE o.organization_id = organization AND o.number = candidate);
    ELSE
      taken := EXISTS (SELECT FROM returns r WHERE r.organization_id = organization AND r.number = candidate);
    END IF;
    IF NOT taken THEN
      given := given + 1;
      RETURN NEXT candidate;
    END IF;
    value := value + 1;
  END LOOP;
  UPDATE number_series s SET next_value = value WHERE s.organization_id = organization AND s.kind = series;
END $$;
