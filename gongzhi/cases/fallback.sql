-- Fallback 逐级兜底: what a level leaves overdue is reminded of, goes up a level, and at the top stays
-- with a named leader. Not doors: rules and working days are known to Python, so only the owner, in
-- whose name the worker runs, may call these. Thousands of cases at once, like the sweep.

-- The nearest unit above in which somebody may see the case; null when there is none.
CREATE OR REPLACE FUNCTION gz_upper(_unit uuid, _hidden uuid[], _at timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    LOOP
        _unit := above_v1(_unit, _hidden, _at);
        EXIT WHEN _unit IS NULL OR NOT gz_all_accused(_unit, _hidden, _at);
    END LOOP;
    RETURN _unit;
END $$;

-- Whether a case belongs to this one of `_hands`, which work side by side: no two take the same.
CREATE OR REPLACE FUNCTION gz_mine(_id uuid, _hand int, _hands int) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$ SELECT mod(get_byte(uuid_send(_id), 15), _hands) = _hand $$;

-- The entry of what time does to a case; enter_many hashes it.
CREATE OR REPLACE FUNCTION gz_timed(
    _c cases_case, _act text, _at timestamptz, _data jsonb, _changes jsonb
) RETURNS cases_entry LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    _e cases_entry;
BEGIN
    _e.county := _c.county;
    _e.case_id := _c.id;
    _e.seq := _c.seq + 1;
    _e.act := _act;
    _e.at := _at;
    _e.place := '';
    _e.before := _c.state;
    _e.after := _c.state;
    _e.data := _data;
    _e.changes := _changes;
    _e.previous := _c.head;
    RETURN _e;
END $$;

-- Remind holders of what is late. `_rules`, the most specific first, each {id, place, mechanism,
-- clock, level, late_before, due}: the first that fits a late clock of a case holds for it.
-- A case that somebody acts on meanwhile is left for the next time: what was read of it is old.
CREATE OR REPLACE FUNCTION gz_remind(
    _rules jsonb, _at timestamptz, _hand int, _hands int, _limit int
) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    _entries cases_entry[];
BEGIN
    WITH late AS (
        SELECT DISTINCT k.county, k.case_id FROM cases_clockrun k
        WHERE k.status = 'late' AND gz_mine(k.case_id, _hand, _hands) AND NOT EXISTS (
            -- Whoever has been reminded, or answers as the leader at the top, has to act first.
            SELECT 1 FROM gz_open_tasks(k.county, k.case_id) t
            WHERE t.name IN ('reminder', 'lead'))
    ), ruled AS (
        SELECT c.county, c.id, c.seq, gz_level(c.unit) AS level, r.rule
        FROM late l
        JOIN cases_case c ON c.county = l.county AND c.id = l.case_id AND c.is_open
        CROSS JOIN LATERAL (
            SELECT rule FROM jsonb_array_elements(_rules) WITH ORDINALITY x (rule, n)
            JOIN cases_clockrun k
                ON k.county = c.county AND k.case_id = c.id AND k.status = 'late'
            WHERE starts_with(c.place, rule->>'place')
              AND rule->>'mechanism' IN ('', c.mechanism) AND rule->>'clock' IN ('', k.name)
              AND rule->>'level' IN ('', gz_level(c.unit))
              AND k.due_at <= (rule->>'late_before')::timestamptz
            ORDER BY x.n LIMIT 1) r
        LIMIT _limit
    ), locked AS (
        SELECT c, r.level, r.rule FROM ruled r
        JOIN cases_case c ON c.county = r.county AND c.id = r.id AND c.seq = r.seq
        FOR NO KEY UPDATE OF c SKIP LOCKED
    )
    SELECT array_agg(gz_timed(c, 'remind', _at, jsonb_build_object('rule', rule->'id'),
        jsonb_build_object(
            'tasks', jsonb_build_array(jsonb_build_object('seq', (c).seq + 1, 'n', 0,
                'name', 'reminder', 'unit', (c).unit, 'post', NULL, 'due_at', rule->'due',
                'done_at', NULL, 'data', jsonb_build_object('rule', rule->'id'))),
            'figures', jsonb_build_object('reminded.' || level, 1))))
    INTO _entries FROM locked;
    RETURN gz_enter_many(_entries);
END $$;

-- Who leads a unit now, nobody of those complained about; null when nobody does.
CREATE OR REPLACE FUNCTION gz_leader(_unit uuid, _hidden uuid[], _at timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT p.id FROM people_post p
        JOIN people_appointment a ON a.post_id = p.id AND NOT a.deputy
            AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)
        WHERE p.unit_id = _unit AND p.kind = 'leader'
          AND (p.valid_to IS NULL OR p.valid_to > _at)
          AND NOT p.id = ANY (_hidden) AND NOT a.account_id = ANY (_hidden)
        ORDER BY p.id LIMIT 1);
END $$;

-- At the top: the leader of the holding unit answers for it, nobody of those complained about.
CREATE OR REPLACE FUNCTION gz_stays(_c cases_case, _rule jsonb, _at timestamptz)
RETURNS cases_entry LANGUAGE plpgsql STABLE AS $$
DECLARE
    _leader uuid := gz_leader(_c.unit, _c.hidden, _at);
    _done jsonb := (
        SELECT jsonb_agg(to_jsonb(t) - 'county' - 'case_id' || jsonb_build_object('done_at', _at)
            ORDER BY t.seq, t.n)
        FROM gz_open_tasks(_c.county, _c.id) t WHERE t.name = 'reminder');
BEGIN
    RETURN gz_timed(_c, 'stay', _at, jsonb_build_object('rule', _rule), jsonb_build_object(
        'tasks', coalesce(_done, '[]') || jsonb_build_array(jsonb_build_object(
            'seq', _c.seq + 1, 'n', 0, 'name', 'lead', 'unit', _c.unit, 'post', _leader,
            'due_at', NULL, 'done_at', NULL, 'data', jsonb_build_object('rule', _rule))),
        'figures', jsonb_build_object('stayed.' || gz_level(_c.unit), 1))
        -- A leader who was named before stays in charge.
        || CASE WHEN _leader IS NULL OR _c.facts->>'leader_in_charge' IS NOT NULL THEN '{}'
           ELSE jsonb_build_object('case', jsonb_build_object('facts',
                _c.facts || jsonb_build_object('leader_in_charge', _leader))) END);
END $$;

-- What was reminded of in vain goes up one level: offered to the unit above, which has `_receive`
-- {due_at, provisional} to take it in. The reminder is done, the holder's open tasks go with the
-- case, and the new holder is no longer called in beside it (transition.py does the same for one).
-- `_stages` are the clocks of a level, each {mechanism, states, name, at, due_at, provisional}: those
-- of the level before end, and that of the new one starts. Where there is no unit above, a leader
-- answers for it. Returns how many cases.
CREATE OR REPLACE FUNCTION gz_fall(
    _at timestamptz, _receive jsonb, _stages jsonb, _hand int, _hands int, _limit int
) RETURNS int LANGUAGE plpgsql AS $$
DECLARE
    _entries cases_entry[];
BEGIN
    WITH due AS MATERIALIZED (
        SELECT c, c.county, c.id, c.unit, c.hidden, t.data->'rule' AS rule
        FROM cases_task t
        JOIN cases_case r ON r.county = t.county AND r.id = t.case_id
        JOIN cases_case c ON c.county = r.county AND c.id = r.id AND c.seq = r.seq
        WHERE t.name = 'reminder' AND t.done_at IS NULL AND t.due_at <= _at
          AND gz_mine(t.case_id, _hand, _hands)
          AND c.is_open AND c.overdue AND c.unit = t.unit
        LIMIT _limit FOR NO KEY UPDATE OF c SKIP LOCKED
    ), uppers AS MATERIALIZED (
        -- Few units hold many cases: each is asked once.
        SELECT unit, hidden, upper, gz_level(unit) AS level, gz_level(upper) AS upper_level
        FROM (SELECT DISTINCT unit, hidden, gz_upper(unit, hidden, _at) AS upper FROM due) d
    ), placed AS MATERIALIZED (
        SELECT d.*, u.upper, u.level, u.upper_level FROM due d JOIN uppers u USING (unit, hidden)
    ), moved AS (
        SELECT gz_timed(p.c, 'fall_up', _at, jsonb_build_object('rule', p.rule, 'from', p.unit),
            gz_entered(jsonb_build_object(
                'case', jsonb_build_object('unit', p.upper, 'post', NULL, 'offered', true,
                    'units', ARRAY(SELECT DISTINCT unnest((p.c).units || p.upper) ORDER BY 1),
                    'facts', f.facts, 'overdue', k.late,
                    'due_at', least(k.due_at, s.due_at, (_receive->>'due_at')::timestamptz)),
                'clocks', coalesce(k.ended, '[]') || (
                    SELECT jsonb_agg(x || jsonb_build_object('seq', (p.c).seq + 1,
                        'status', 'running', 'started_at', _at, 'paused_at', NULL,
                        'ended_at', NULL, 'extended', false))
                    FROM jsonb_array_elements(jsonb_build_array(_receive
                        || '{"name": "receive"}') || coalesce(s.starts, '[]')) x),
                'tasks', t.rows,
                'figures', jsonb_build_object('fell.' || p.level, 1)
                    || coalesce(k.figures, '{}')
                    || CASE WHEN k.late THEN '{}'::jsonb ELSE '{"now.overdue": -1}' END),
                p.upper, f.facts, (p.c).category)) AS entry
        FROM placed p
        -- Asked case by case: of a set that is known only as it is made, a join is planned badly.
        CROSS JOIN LATERAL (
            SELECT coalesce(array_agg(x->>'name') FILTER (WHERE x->>'at' <> p.upper_level), '{}')
                    AS over,
                jsonb_agg(x - '{mechanism,states,at}'::text[]) FILTER (WHERE begins) AS starts,
                min((x->>'due_at')::timestamptz) FILTER (WHERE begins) AS due_at
            FROM jsonb_array_elements(_stages) x
            CROSS JOIN LATERAL (SELECT x->>'at' = p.upper_level AND p.level <> p.upper_level
                AND x->'states' ? (p.c).state AS begins) b
            WHERE x->>'mechanism' = (p.c).mechanism) s
        CROSS JOIN LATERAL (
            -- An offer that was never answered ends with the move.
            SELECT min(k.due_at) FILTER (WHERE NOT ends) AS due_at,
                coalesce(bool_or(k.status = 'late' AND NOT ends), false) AS late,
                jsonb_agg(to_jsonb(k) - 'county' - 'case_id' - 'mechanism' || jsonb_build_object(
                    'ended_at', _at, 'status', how)) FILTER (WHERE ends) AS ended,
                jsonb_object_agg(how || '.' || k.name, 1) FILTER (WHERE ends) AS figures
            FROM cases_clockrun k
            CROSS JOIN LATERAL (SELECT k.name = 'receive' OR k.name = ANY (s.over) AS ends,
                CASE k.status WHEN 'late' THEN 'breached' ELSE 'met' END AS how) e
            WHERE k.county = p.county AND k.case_id = p.id AND k.ended_at IS NULL) k
        CROSS JOIN LATERAL (
            SELECT jsonb_agg(to_jsonb(t) - 'county' - 'case_id' || CASE
                WHEN t.name = 'reminder' OR t.unit = p.upper
                    THEN jsonb_build_object('done_at', _at)
                ELSE jsonb_build_object('unit', p.upper) END ORDER BY t.seq, t.n) AS rows
            FROM gz_open_tasks(p.county, p.id) t
            WHERE t.name = 'reminder' OR t.post IS NULL AND t.unit IN (p.upper, p.unit)) t
        CROSS JOIN LATERAL (
            SELECT (p.c).facts || jsonb_build_object('from_unit', p.unit) AS facts) f
        WHERE p.upper IS NOT NULL
        UNION ALL
        SELECT gz_stays(p.c, p.rule, _at) FROM placed p WHERE p.upper IS NULL
    )
    SELECT array_agg(entry) INTO _entries FROM moved;
    RETURN gz_enter_many(_entries);
END $$;
