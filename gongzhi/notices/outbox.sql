-- From the outbox to deliveries. Not doors: only the owner, in whose name the worker runs, calls these.

-- Whether an outlet may carry word of a case: nobody who reads it is complained about, by any post they
-- hold, and a person still holds a post of the unit (the one that is asked, when one is).
CREATE OR REPLACE FUNCTION gz_may_hear(
    _unit uuid, _account uuid, _post uuid, _hidden uuid[], _at timestamptz
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF _account IS NULL AND _hidden = '{}' THEN
        RETURN true;
    END IF;
    RETURN (
        WITH held AS (
            SELECT a.account_id, a.post_id, p.unit_id
            FROM people_appointment a JOIN people_post p ON p.id = a.post_id
            WHERE a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)
              AND (p.valid_to IS NULL OR p.valid_to > _at)
        ), readers AS (
            SELECT * FROM held
            WHERE unit_id = _unit AND (_account IS NULL OR account_id = _account)
        )
        SELECT NOT _unit = ANY (_hidden)
            AND (_account IS NULL OR EXISTS (
                SELECT 1 FROM readers WHERE _post IS NULL OR post_id = _post))
            AND NOT EXISTS (
                SELECT 1 FROM readers r JOIN held h ON h.account_id = r.account_id
                WHERE _hidden && ARRAY[h.account_id, h.post_id, h.unit_id]));
END $$;

-- Take some rows out of the outbox: pages that have not been told are, and each outlet of whoever is
-- given something to do gets a delivery. Returns how many rows.
CREATE OR REPLACE FUNCTION gz_expand(_at timestamptz, _limit int) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    _taken cases_notice[];
BEGIN
    SELECT array_agg(t.row) INTO _taken
    FROM (SELECT x AS row FROM cases_notice x LIMIT _limit FOR UPDATE SKIP LOCKED) t;
    IF _taken IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM gz_tell_many(_taken);
    INSERT INTO cases_delivery (county, case_id, seq, task, n, outlet, name, unit, kind, shown, due_at,
        made_at, tries, next_at, error)
    SELECT g.county, g.case_id, g.seq, g.task, g.n, o.id, g.name, g.unit, o.kind, o.shown, g.due_at,
        _at, 0, _at, ''
    FROM unnest(_taken) g
    JOIN notices_outlet o ON o.unit = g.unit AND o.valid_to IS NULL AND o.paused_at IS NULL
    JOIN cases_case c ON c.county = g.county AND c.id = g.case_id
    WHERE g.name <> '' AND gz_may_hear(o.unit, o.account, g.post, c.hidden, _at)
    ON CONFLICT DO NOTHING;
    DELETE FROM cases_notice n USING unnest(_taken) g
    WHERE n.county = g.county AND n.case_id = g.case_id AND n.seq = g.seq AND n.task = g.task
      AND n.n = g.n;
    RETURN cardinality(_taken);
END $$;

-- Take what is due, one delivery of each outlet, and hold it until `_until`: whoever is killed in the
-- middle loses it to the next. `_busy` are outlets with which this worker is at work.
CREATE OR REPLACE FUNCTION gz_claim(
    _at timestamptz, _until timestamptz, _busy uuid[], _limit int
) RETURNS TABLE (delivery jsonb, number text, outlet jsonb, may_hear boolean)
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    WITH ready AS (
        SELECT DISTINCT d.outlet FROM cases_delivery d
        JOIN notices_outlet o ON o.id = d.outlet AND o.paused_at IS NULL
        WHERE d.next_at <= _at AND NOT d.outlet = ANY (_busy) LIMIT _limit
    ), taken AS (
        SELECT x.* FROM ready r CROSS JOIN LATERAL (
            SELECT d.county, d.case_id, d.seq, d.task, d.n, d.outlet FROM cases_delivery d
            WHERE d.outlet = r.outlet AND d.next_at <= _at
            ORDER BY d.next_at LIMIT 1 FOR UPDATE SKIP LOCKED) x
    )
    UPDATE cases_delivery d SET next_at = _until, tries = d.tries + 1
    FROM taken t
    JOIN cases_case c ON c.county = t.county AND c.id = t.case_id
    JOIN notices_outlet o ON o.id = t.outlet
    WHERE d.county = t.county AND d.case_id = t.case_id AND d.seq = t.seq AND d.task = t.task
      AND d.n = t.n AND d.outlet = t.outlet
    RETURNING to_jsonb(d), c.number::text, to_jsonb(o),
        gz_may_hear(o.unit, o.account, NULL, c.hidden, _at);
END $$;
