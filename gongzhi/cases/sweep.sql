-- Write the entries of many cases, locked by the caller and one of each, and all that they change.
-- Sets of rows, since time does the same to thousands of cases at once.
CREATE OR REPLACE FUNCTION gz_enter_many(_entries cases_entry[]) RETURNS int
LANGUAGE plpgsql AS $$
BEGIN
    WITH told AS (
        SELECT e, c, gz_stood(e.changes, c, jsonb_populate_record(c, e.changes->'case')) AS changes
        FROM unnest(_entries) e
        JOIN cases_case c ON c.county = e.county AND c.id = e.case_id
    )
    SELECT array_agg(gz_entry(t.e, (t.e).county, (t.e).case_id, (t.e).previous, (t.e).data,
        t.changes)) INTO _entries FROM told t;

    INSERT INTO cases_entry SELECT e.* FROM unnest(_entries) e;
    INSERT INTO cases_notice
    SELECT x.* FROM unnest(_entries) e
    JOIN cases_case c ON c.county = e.county AND c.id = e.case_id
    CROSS JOIN LATERAL gz_given(c, e, true) x;

    UPDATE cases_case c SET
        seq = e.seq, head = e.hash, phase = n.phase, state = n.state, is_open = n.is_open,
        unit = n.unit, units = n.units, post = n.post, offered = n.offered, due_at = n.due_at,
        overdue = n.overdue, closed_at = n.closed_at, facts = n.facts
    FROM unnest(_entries) e
    JOIN cases_case o ON o.county = e.county AND o.id = e.case_id
    CROSS JOIN LATERAL jsonb_populate_record(o, e.changes->'case') n
    WHERE c.county = e.county AND c.id = e.case_id;

    INSERT INTO cases_clockrun (county, case_id, seq, name, mechanism, status, started_at, due_at,
        provisional, paused_at, ended_at, extended)
    SELECT e.county, e.case_id, k.seq, k.name, c.mechanism, k.status, k.started_at, k.due_at,
        k.provisional, k.paused_at, k.ended_at, k.extended
    FROM unnest(_entries) e
    JOIN cases_case c ON c.county = e.county AND c.id = e.case_id
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::cases_clockrun, e.changes->'clocks') k
    WHERE e.changes ? 'clocks'
    ON CONFLICT (county, case_id, seq, name) DO UPDATE SET
        status = EXCLUDED.status, ended_at = EXCLUDED.ended_at;

    INSERT INTO cases_task (county, case_id, seq, n, name, unit, post, due_at, done_at, data)
    SELECT e.county, e.case_id, t.seq, t.n, t.name, t.unit, t.post, t.due_at, t.done_at, t.data
    FROM unnest(_entries) e
    CROSS JOIN LATERAL jsonb_populate_recordset(NULL::cases_task, e.changes->'tasks') t
    WHERE e.changes ? 'tasks'
    ON CONFLICT (county, case_id, seq, n) DO UPDATE SET
        unit = EXCLUDED.unit, done_at = EXCLUDED.done_at, data = EXCLUDED.data;

    INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
    SELECT e.county, e.case_id, e.seq, gz_counted(c.place, c.confined), c.mechanism,
        (e.at AT TIME ZONE 'Asia/Shanghai')::date, e.changes->'figures'
    FROM unnest(_entries) e JOIN cases_case c ON c.county = e.county AND c.id = e.case_id
    WHERE e.changes ? 'figures';

    RETURN coalesce(array_length(_entries, 1), 0);
END $$;

-- What else changes where time gives a case to the unit above; nothing where it stays.
CREATE OR REPLACE FUNCTION gz_moved_on(
    _to uuid, _from uuid, _units uuid[], _facts jsonb, _category text, _changes jsonb
) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF _to = _from THEN
        RETURN _changes;
    END IF;
    _facts := _facts || jsonb_build_object('from_unit', _from);
    RETURN gz_entered(_changes || jsonb_build_object('case', _changes->'case' || jsonb_build_object(
        'unit', _to, 'post', NULL, 'offered', true, 'facts', _facts,
        'units', ARRAY(SELECT DISTINCT unnest(_units || _to) ORDER BY 1))), _to, _facts, _category);
END $$;

-- The open tasks of a case, through its key whatever the planner guesses (OFFSET 0). Statistics know
-- nothing of what was just written: while they say that nobody has open tasks, a look through all of
-- them is taken for less work than the key, and is taken for each of thousands of cases.
CREATE OR REPLACE FUNCTION gz_open_tasks(_county text, _id uuid) RETURNS SETOF cases_task
LANGUAGE sql STABLE AS $$
    SELECT * FROM (
        SELECT * FROM cases_task WHERE county = _county AND case_id = _id OFFSET 0) t
    WHERE done_at IS NULL $$;

-- What time itself does: clocks that have fallen due, whole sets of cases in one statement.
-- `_plan` says what the declaration wants once this clock is late in this state:
--   act      the entry's name: the declared late act, or 'breach'
--   case     columns that every case takes over ({} for a breach that only marks it overdue)
--   late     the clock's new status: 'late' (still waited for) or 'met' (the act was the purpose)
--   keeps    clocks that run on
--   starts   clocks that begin in the state after, each {name, due_at, provisional}; those that say
--            `at`, only where a unit of that level has the case then
--   receive  the clock of the unit above, {name, due_at, provisional}, to which the case goes with
--            the holder's open tasks (as in gz_fall); null where it stays
--   figures  what each case adds to the figures, besides those of its clocks
--   ends     the final state in which its case is counted by category; null when it goes on
--   task     name of the task given to the unit above (or the holder, at the top); null for none
CREATE OR REPLACE FUNCTION sweep_v1(
    _mechanism text, _clock text, _state text, _at timestamptz, _plan jsonb, _limit int
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _entries cases_entry[];
    _up boolean := coalesce(_plan->'receive', 'null') <> 'null';
    _final boolean := NOT coalesce((_plan->'case'->>'is_open')::boolean, true);
BEGIN
    -- Time moves a case on; it gives it to nobody, unless to the unit above.
    IF _at > gz_latest() OR coalesce(_plan->'case', '{}')
            - ARRAY['state', 'phase', 'is_open', 'closed_at', 'offered'] <> '{}' THEN
        RAISE EXCEPTION 'not what time does' USING ERRCODE = '22023';
    END IF;
    WITH due AS (
        SELECT c.county, c.id, c.seq + 1 AS seq, c.head, c.state, c.place, c.unit, c.units,
            c.overdue, c.hidden, c.category, c.facts, c.weight, k.seq AS clock_seq
        FROM cases_clockrun k
        -- One that somebody acts on meanwhile is left for the next time: what was read is old.
        JOIN cases_case r ON r.county = k.county AND r.id = k.case_id
        JOIN cases_case c ON c.county = r.county AND c.id = r.id AND c.seq = r.seq
        WHERE k.status = 'running' AND k.mechanism = _mechanism AND k.name = _clock
          AND k.due_at <= _at AND c.is_open AND c.state = _state
        LIMIT _limit
        FOR NO KEY UPDATE OF c, k SKIP LOCKED
    ), placed AS (
        -- The unit above takes it, unless it is the one complained about or there is none.
        SELECT d.*, coalesce(above_v1(d.unit, d.hidden, _at), d.unit) AS upper,
            CASE WHEN _up THEN coalesce(gz_upper(d.unit, d.hidden, _at), d.unit) ELSE d.unit END
                AS goes_to
        FROM due d
    ), clocks AS (
        SELECT p.county, p.id, jsonb_agg(
            to_jsonb(k) - 'county' - 'case_id' - 'mechanism' || CASE
                WHEN k.name = _clock AND _plan->>'late' = 'late' THEN '{"status": "late"}'
                ELSE jsonb_build_object('ended_at', _at, 'status', CASE
                    WHEN k.name = _clock OR k.status = 'running' THEN 'met'
                    WHEN k.status = 'late' THEN 'breached' ELSE 'stopped' END)
            END ORDER BY k.name) AS rows,
            jsonb_object_agg(CASE WHEN k.name = _clock AND _plan->>'late' = 'late' THEN 'late.'
                WHEN k.status = 'late' THEN 'breached.' ELSE 'met.' END || k.name, 1)
                -- One that stood still when it was ended was neither met nor breached.
                FILTER (WHERE k.status <> 'paused') AS figures
        FROM placed p
        JOIN cases_clockrun k ON k.county = p.county AND k.case_id = p.id AND k.ended_at IS NULL
        WHERE k.name = _clock OR NOT _plan->'keeps' ? k.name
        GROUP BY p.county, p.id
    ), kept AS (
        SELECT p.county, p.id, min(k.due_at) AS due_at, bool_or(k.status = 'late') AS late
        FROM placed p
        JOIN cases_clockrun k ON k.county = p.county AND k.case_id = p.id AND k.ended_at IS NULL
        WHERE _plan->'keeps' ? k.name
        GROUP BY p.county, p.id
    ), done AS (
        SELECT p.county, p.id, jsonb_agg(to_jsonb(t) - 'county' - 'case_id' || CASE
                WHEN _final OR t.unit = p.goes_to THEN jsonb_build_object('done_at', _at)
                ELSE jsonb_build_object('unit', p.goes_to) END ORDER BY t.seq, t.n) AS rows
        FROM placed p
        CROSS JOIN LATERAL gz_open_tasks(p.county, p.id) t
        WHERE (_final OR p.goes_to <> p.unit)
          AND (_final OR t.post IS NULL AND t.unit IN (p.unit, p.goes_to))
        GROUP BY p.county, p.id
    ), made AS (
        SELECT p.*, gz_moved_on(p.goes_to, p.unit, p.units, p.facts, p.category, jsonb_build_object(
            'case', _plan->'case'
                || jsonb_build_object('overdue', o.still)
                || CASE WHEN _plan->>'late' = 'late' THEN '{}'
                   ELSE jsonb_build_object('due_at', least(kept.due_at, b.due_at)) END
                || CASE WHEN _up THEN '{"offered": false}' ELSE '{}'::jsonb END
                || CASE WHEN _plan->>'task' IS NOT NULL THEN jsonb_build_object(
                        'units', ARRAY(SELECT DISTINCT unnest(p.units || p.upper) ORDER BY 1)
                    ) ELSE '{}' END,
            'clocks', coalesce(clocks.rows, '[]') || coalesce(b.rows, '[]'),
            'tasks', coalesce(done.rows, '[]') || CASE
                -- One reminder is enough, however many clocks are late.
                WHEN _plan->>'task' IS NULL OR EXISTS (
                    SELECT 1 FROM gz_open_tasks(p.county, p.id) t
                    WHERE t.name = _plan->>'task') THEN '[]'
                ELSE jsonb_build_array(jsonb_build_object('seq', p.seq, 'n', 0,
                    'name', _plan->>'task', 'unit', p.upper, 'post', NULL, 'due_at', NULL,
                    'done_at', NULL, 'data', jsonb_build_object('clock', _clock))) END,
            'figures', _plan->'figures' || clocks.figures
                || CASE WHEN _plan->>'ends' IS NULL THEN '{}'
                   ELSE jsonb_build_object('ended.' || (_plan->>'ends') || '.' || p.category, 1) END
                || CASE WHEN o.still = p.overdue THEN '{}'
                   ELSE jsonb_build_object('now.overdue', o.still::int - p.overdue::int) END
                || CASE WHEN o.still AND NOT p.overdue THEN '{"fell_late": 1}' ELSE '{}'::jsonb END
                -- Of those that were weighed, each is late for the first time once.
                || CASE WHEN p.weight > 0 AND _plan->>'act' = 'breach' AND NOT EXISTS (
                        SELECT 1 FROM cases_entry e
                        WHERE e.county = p.county AND e.case_id = p.id AND e.act = 'breach')
                    THEN jsonb_build_object('first_late.' || p.weight, 1) ELSE '{}' END
            )) AS changes
        FROM placed p
        LEFT JOIN clocks ON clocks.county = p.county AND clocks.id = p.id
        LEFT JOIN kept ON kept.county = p.county AND kept.id = p.id
        LEFT JOIN done ON done.county = p.county AND done.id = p.id
        CROSS JOIN LATERAL (
            SELECT _plan->>'late' = 'late' OR coalesce(kept.late, false) AS still) o
        CROSS JOIN LATERAL (
            SELECT min((s->>'due_at')::timestamptz) AS due_at,
                jsonb_agg(s - 'at' || jsonb_build_object('seq', p.seq, 'status', 'running',
                    'started_at', _at, 'paused_at', NULL, 'ended_at', NULL, 'extended', false)) AS rows
            FROM jsonb_array_elements(_plan->'starts' || CASE WHEN p.goes_to <> p.unit
                THEN jsonb_build_array(_plan->'receive') ELSE '[]' END) s
            WHERE NOT s ? 'at' OR s->>'at' = gz_level(p.goes_to)) b
    )
    SELECT array_agg(jsonb_populate_record(NULL::cases_entry, jsonb_build_object(
        'county', county, 'case_id', id, 'seq', seq, 'act', _plan->>'act', 'at', _at, 'place', '',
        'before', state, 'after', coalesce(_plan->'case'->>'state', state),
        'data', jsonb_build_object('clock', _clock), 'changes', changes,
        'previous', '\x' || encode(head, 'hex'), 'hash', '\x')))
    INTO _entries FROM made;
    RETURN gz_enter_many(_entries);
END $$;

-- What is still to come is not due, whatever the caller says the time is. Tests replace this.
CREATE OR REPLACE FUNCTION gz_latest() RETURNS timestamptz
LANGUAGE sql STABLE AS $$ SELECT clock_timestamp() + interval '5 minutes' $$;
