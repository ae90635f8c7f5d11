-- Chasing 督促: tasks that carry rungs are climbed as they fall late, thousands of cases at once, like
-- the fallback. Not doors: only the owner, in whose name the worker runs, may call these.

-- The nearest unit above that stands at the county or higher; null when there is none.
CREATE OR REPLACE FUNCTION gz_county_above(_unit uuid, _hidden uuid[], _at timestamptz)
RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    LOOP
        _unit := gz_upper(_unit, _hidden, _at);
        EXIT WHEN _unit IS NULL OR (SELECT length(place) <= 6 FROM people_unit WHERE id = _unit);
    END LOOP;
    RETURN _unit;
END $$;

-- All that is late in one case: each task goes up a rung; from the second on somebody above is given
-- a task that names the late one.
CREATE OR REPLACE FUNCTION gz_chased(_c cases_case, _at timestamptz) RETURNS cases_entry
LANGUAGE plpgsql STABLE AS $$
DECLARE
    _upper uuid := coalesce(gz_upper(_c.unit, _c.hidden, _at), _c.unit);
    _county uuid := coalesce(gz_county_above(_c.unit, _c.hidden, _at), _upper);
    _leader uuid := gz_leader(_county, _c.hidden, _at);
    _changes jsonb;
BEGIN
    WITH late AS (
        SELECT t.*, (t.data->>'rung')::int AS rung FROM gz_open_tasks(_c.county, _c.id) t
        WHERE t.data ? 'rungs' AND (t.data->'rungs'->>(t.data->>'rung')::int)::timestamptz <= _at
    ), told AS (
        SELECT row_number() OVER (ORDER BY seq, n) - 1 AS nth, l.seq, l.n, l.name, l.unit,
            CASE WHEN l.rung = 1 AND _upper <> l.unit THEN _upper ELSE _county END AS who,
            CASE WHEN l.rung = 2 THEN _leader END AS post
        FROM late l WHERE l.rung > 0
    )
    SELECT jsonb_build_object(
        'case', jsonb_build_object('units',
            ARRAY(SELECT DISTINCT u FROM (
                SELECT unnest(_c.units) UNION ALL SELECT who FROM told) x (u) ORDER BY u)),
        'tasks', (SELECT jsonb_agg(row ORDER BY seq, n) FROM (
            SELECT l.seq, l.n, to_jsonb(l) - 'county' - 'case_id' - 'rung'
                || jsonb_build_object('data', l.data || jsonb_build_object('rung', l.rung + 1))
            FROM late l
            UNION ALL
            SELECT _c.seq + 1, nth, jsonb_build_object('seq', _c.seq + 1, 'n', nth,
                'name', 'chase', 'unit', who, 'post', post, 'due_at', NULL, 'done_at', NULL,
                'data', jsonb_build_object('late', jsonb_build_array(seq, n), 'unit', unit))
            FROM told) r (seq, n, row)),
        'figures', (SELECT jsonb_object_agg(name, times) FROM (
            SELECT CASE rung WHEN 0 THEN 'whistle.late' WHEN 1 THEN 'whistle.chased_up'
                ELSE 'whistle.chased_leader' END, count(*)
            FROM late GROUP BY 1
            UNION ALL
            SELECT 'unit.' || replace(unit::text, '-', '') || '.late', count(*)
            FROM late WHERE rung = 0 GROUP BY 1) f (name, times)))
    INTO _changes;
    RETURN gz_timed(_c, 'chase', _at, '{}', _changes);
END $$;

CREATE OR REPLACE FUNCTION gz_chase(_at timestamptz, _hand int, _hands int, _limit int)
RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    _entries cases_entry[];
BEGIN
    WITH late AS MATERIALIZED (
        SELECT DISTINCT t.county, t.case_id FROM cases_task t
        WHERE t.done_at IS NULL AND t.data ? 'rungs' AND t.due_at <= _at
          AND gz_mine(t.case_id, _hand, _hands)
          AND (t.data->'rungs'->>(t.data->>'rung')::int)::timestamptz <= _at
        LIMIT _limit
    ), locked AS (
        SELECT c FROM late l
        JOIN cases_case r ON r.county = l.county AND r.id = l.case_id
        JOIN cases_case c ON c.county = r.county AND c.id = r.id AND c.seq = r.seq
        WHERE c.is_open FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    SELECT array_agg(gz_chased(c, _at)) INTO _entries FROM locked;
    RETURN gz_enter_many(_entries);
END $$;
