-- Roll calls 点名: thousands of chiefs in one statement, who follows whom, and counts that are kept.
-- What happens to one building of a roll call is put in a row by the lock of its chief's row (deputy 0).

-- Who is called for a building in which turn: the chief (0, who may be lacking), the deputies, the grid
-- heads; and whether anybody holds the post.
CREATE OR REPLACE FUNCTION gz_in_turn(_buildings uuid[], _at timestamptz, _today date)
RETURNS TABLE (building uuid, turn int, post uuid, unit uuid, rung text, held boolean)
LANGUAGE sql STABLE AS $$
    WITH over AS (
        SELECT c.building_id AS building, c.post, c.rung, c.deputy
        FROM unnest(_buildings) b (id)
        JOIN neighbourhoods_charge c ON c.building_id = b.id AND c.rung = 'building_chief'
          AND (c.held_to IS NULL OR c.held_to > _today)
        UNION ALL
        SELECT b.id, c.post, c.rung, c.deputy FROM unnest(_buildings) u (id)
        JOIN neighbourhoods_building b ON b.id = u.id
        JOIN neighbourhoods_charge c ON c.grid_id = b.grid_id AND c.building_id IS NULL
        WHERE c.rung = 'grid_head'
          AND (c.held_to IS NULL OR c.held_to > _today)
    ), ranked AS (
        SELECT o.*, p.unit_id, row_number() OVER of_building AS n,
            first_value(o.rung = 'building_chief' AND o.deputy = 0) OVER of_building AS has_chief
        FROM over o JOIN people_post p ON p.id = o.post
            AND (p.valid_to IS NULL OR p.valid_to > _at)
        WINDOW of_building AS (
            PARTITION BY o.building ORDER BY o.rung <> 'building_chief', o.deputy, o.post)
    )
    SELECT r.building, (r.n - has_chief::int)::int, r.post, r.unit_id, r.rung, EXISTS (
        SELECT 1 FROM people_appointment a JOIN people_account w ON w.id = a.account_id
        WHERE a.post_id = r.post AND w.is_active
          AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at))
    FROM ranked r
$$;

-- Whoever is called hears of it: by the outlets of the unit and their own, and on open pages.
CREATE OR REPLACE FUNCTION gz_summon(_called uuid[], _at timestamptz) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO neighbourhoods_summons (called_id, outlet, tries, next_at, error)
    SELECT c.id, o.id, 0, _at, ''
    FROM neighbourhoods_called c
    JOIN people_post p ON p.id = c.post
    JOIN notices_outlet o ON o.unit = p.unit_id AND o.valid_to IS NULL AND o.paused_at IS NULL
    WHERE c.id = ANY (_called) AND (o.account IS NULL OR EXISTS (
        SELECT 1 FROM people_appointment a WHERE a.post_id = c.post AND a.account_id = o.account
          AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)));
    PERFORM gz_notify(jsonb_build_object('case', '', 'act', 'roll_call', 'hidden', '[]'::jsonb,
        'units', jsonb_agg(DISTINCT unit), 'tasks', jsonb_agg(DISTINCT jsonb_build_array(unit, post))))
    FROM (
        SELECT p.unit_id AS unit, p.id AS post, dense_rank() OVER (ORDER BY p.id) / 40 AS part
        FROM neighbourhoods_called c JOIN people_post p ON p.id = c.post
        WHERE c.id = ANY (_called)) x
    GROUP BY part;
END $$;

-- All chiefs of an emergency at once. Where a post is vacant, whoever comes next is called with them.
-- Returns how many buildings; -1 where it is over, -2 while an earlier call still waits for answers.
CREATE OR REPLACE FUNCTION call_roll_v1(
    _id uuid, _emergency uuid, _at timestamptz, _due timestamptz, _today date, _account uuid, _post uuid
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp
-- The rows are new, so the planner knows nothing of them, and would take seconds for thousands.
SET enable_nestloop = off AS $$
DECLARE
    _n int;
    _open uuid[];
BEGIN
    PERFORM 1 FROM neighbourhoods_emergency WHERE id = _emergency AND ended_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
        RETURN -1;
    ELSIF EXISTS (SELECT 1 FROM neighbourhoods_rollcall r JOIN neighbourhoods_rolltally t
            ON t.roll_call_id = r.id AND t.waiting > 0 WHERE r.emergency_id = _emergency) THEN
        RETURN -2;
    END IF;
    INSERT INTO neighbourhoods_rollcall (id, emergency_id, called_at, due_at, account, post)
    VALUES (_id, _emergency, _at, _due, _account, _post);
    WITH affected AS (
        SELECT building_id FROM neighbourhoods_affected WHERE emergency_id = _emergency
    ), turns AS MATERIALIZED (
        SELECT * FROM gz_in_turn((SELECT array_agg(building_id) FROM affected), _at, _today)
    ), first AS (
        SELECT building, min(turn) FILTER (WHERE held) AS turn FROM turns GROUP BY building
    ), wanted AS (
        SELECT a.building_id AS building, 0 AS turn, t.post, 'building_chief' AS rung
        FROM affected a LEFT JOIN turns t ON t.building = a.building_id AND t.turn = 0
        UNION ALL
        SELECT t.building, t.turn, t.post, t.rung FROM turns t JOIN first f USING (building)
        WHERE t.turn > 0 AND t.turn <= coalesce(f.turn, t.turn)
    ), made AS (
        INSERT INTO neighbourhoods_called (id, roll_call_id, building_id, post, deputy, rung, called_at,
            due_at, missed_at)
        SELECT gen_random_uuid(), _id, w.building, w.post, w.turn, w.rung, _at, _due,
            CASE WHEN w.turn IS DISTINCT FROM f.turn THEN _at END
        FROM wanted w LEFT JOIN first f USING (building)
        RETURNING id, missed_at
    )
    SELECT array_agg(id) FILTER (WHERE missed_at IS NULL) INTO _open FROM made;
    INSERT INTO neighbourhoods_rolltally (roll_call_id, community, buildings, answered, acting, waiting,
        gaps, times)
    SELECT _id, a.community, count(*), 0, 0, count(c.id), count(*) - count(c.id), '{0,0,0,0,0,0}'
    FROM neighbourhoods_affected a
    LEFT JOIN neighbourhoods_called c ON c.roll_call_id = _id AND c.building_id = a.building_id
        AND c.missed_at IS NULL
    WHERE a.emergency_id = _emergency GROUP BY a.community;
    SELECT coalesce(sum(buildings), 0) INTO _n FROM neighbourhoods_rolltally WHERE roll_call_id = _id;
    INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
    SELECT _emergency, _at, _account, _post, 'roll_called', jsonb_build_object('buildings', _n,
        'gaps', coalesce(sum(gaps), 0)) FROM neighbourhoods_rolltally WHERE roll_call_id = _id;
    PERFORM gz_summon(_open, _at);
    RETURN _n;
END $$;

-- How a building stands in a roll call.
CREATE OR REPLACE FUNCTION gz_stands(_roll uuid, _building uuid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN bool_or(deputy = 0 AND answered_at IS NOT NULL) THEN 'answered'
        WHEN bool_or(answered_at IS NOT NULL) THEN 'acting'
        WHEN bool_or(missed_at IS NULL AND withdrawn_at IS NULL) THEN 'waiting' ELSE 'gap' END
    FROM neighbourhoods_called WHERE roll_call_id = _roll AND building_id = _building
$$;

-- A post answers for all buildings it was called for, late or not. `chief` is the post it has to act in
-- from now on, where it stepped in for one. `_noted` are facts of the entry besides.
CREATE OR REPLACE FUNCTION answer_v1(
    _roll uuid, _post uuid, _account uuid, _at timestamptz, _noted jsonb
) RETURNS TABLE (called uuid, building uuid, deputy int, chief uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _c neighbourhoods_called;
    _emergency uuid;
    _was text;
    _is text;
    _bin int;
BEGIN
    SELECT e.id INTO _emergency FROM neighbourhoods_rollcall r
    JOIN neighbourhoods_emergency e ON e.id = r.emergency_id
    WHERE r.id = _roll AND e.ended_at IS NULL FOR SHARE OF e;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    PERFORM 1 FROM neighbourhoods_called z WHERE z.roll_call_id = _roll AND z.deputy = 0
        AND z.building_id IN (SELECT c.building_id FROM neighbourhoods_called c
            WHERE c.roll_call_id = _roll AND c.post = _post)
    ORDER BY z.building_id FOR UPDATE;
    FOR _c IN SELECT c.* FROM neighbourhoods_called c WHERE c.roll_call_id = _roll AND c.post = _post
        AND c.answered_at IS NULL AND c.withdrawn_at IS NULL ORDER BY c.building_id
    LOOP
        _was := gz_stands(_roll, _c.building_id);
        UPDATE neighbourhoods_called c SET answered_at = _at WHERE c.id = _c.id;
        UPDATE neighbourhoods_called c SET withdrawn_at = _at
        WHERE c.roll_call_id = _roll AND c.building_id = _c.building_id AND c.answered_at IS NULL
          AND c.missed_at IS NULL AND c.withdrawn_at IS NULL;
        _is := gz_stands(_roll, _c.building_id);
        _bin := 1 + width_bucket(extract(epoch FROM _at - _c.called_at)::float8,
            ARRAY[60, 180, 300, 600, 900]::float8[]);
        UPDATE neighbourhoods_rolltally t SET
            answered = t.answered + (_is = 'answered')::int - (_was = 'answered')::int,
            acting = t.acting + (_is = 'acting')::int - (_was = 'acting')::int,
            waiting = t.waiting + (_is = 'waiting')::int - (_was = 'waiting')::int,
            gaps = t.gaps + (_is = 'gap')::int - (_was = 'gap')::int,
            times[_bin] = t.times[_bin] + 1
        FROM neighbourhoods_affected a
        WHERE a.emergency_id = _emergency AND a.building_id = _c.building_id
          AND t.roll_call_id = _roll AND t.community = a.community;
        INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
        VALUES (_emergency, _at, _account, _post, 'answered', jsonb_build_object('building',
            _c.building_id, 'stands', _is, 'deputy', _c.deputy) || _noted);
        called := _c.id; building := _c.building_id; deputy := _c.deputy;
        chief := (SELECT z.post FROM neighbourhoods_called z WHERE z.roll_call_id = _roll
            AND z.building_id = _c.building_id AND z.deputy = 0 AND _is = 'acting' AND _was <> 'acting');
        RETURN NEXT;
    END LOOP;
END $$;

-- The open calls of these buildings (by the rows of their chiefs, which are locked) are missed, and whoever
-- follows is called. A function of its own, since what was answered while waiting for the locks is seen
-- by a new statement alone, and since thousands of new rows are joined.
CREATE OR REPLACE FUNCTION gz_miss(
    _chiefs uuid[], _at timestamptz, _today date, OUT _missed int, OUT _open uuid[]
) LANGUAGE plpgsql SET enable_nestloop = off AS $$
BEGIN
    WITH missed AS (
        UPDATE neighbourhoods_called d SET missed_at = _at
        FROM neighbourhoods_called z
        WHERE z.id = ANY (_chiefs) AND d.roll_call_id = z.roll_call_id
          AND d.building_id = z.building_id AND d.due_at <= _at AND d.answered_at IS NULL
          AND d.missed_at IS NULL AND d.withdrawn_at IS NULL
        RETURNING d.roll_call_id, d.building_id, d.deputy, d.due_at - d.called_at AS time
    ), turns AS MATERIALIZED (
        SELECT * FROM gz_in_turn((SELECT array_agg(DISTINCT building_id) FROM missed), _at, _today)
    ), following AS (
        SELECT m.roll_call_id, m.building_id, m.deputy, m.time,
            min(t.turn) FILTER (WHERE t.held) AS turn
        FROM missed m LEFT JOIN turns t ON t.building = m.building_id AND t.turn > m.deputy
        GROUP BY m.roll_call_id, m.building_id, m.deputy, m.time
    ), made AS (
        INSERT INTO neighbourhoods_called (id, roll_call_id, building_id, post, deputy, rung, called_at,
            due_at, missed_at)
        SELECT gen_random_uuid(), f.roll_call_id, f.building_id, t.post, t.turn, t.rung, _at,
            _at + f.time, CASE WHEN t.turn IS DISTINCT FROM f.turn THEN _at END
        FROM following f JOIN turns t ON t.building = f.building_id AND t.turn > f.deputy
            AND t.turn <= coalesce(f.turn, t.turn)
        RETURNING id, missed_at
    ), lost AS (
        SELECT f.roll_call_id, a.community, count(*) AS n FROM following f
        JOIN neighbourhoods_rollcall r ON r.id = f.roll_call_id
        JOIN neighbourhoods_affected a ON a.emergency_id = r.emergency_id
            AND a.building_id = f.building_id
        WHERE f.turn IS NULL GROUP BY f.roll_call_id, a.community
    ), counted AS (
        UPDATE neighbourhoods_rolltally t SET waiting = t.waiting - l.n, gaps = t.gaps + l.n
        FROM lost l WHERE t.roll_call_id = l.roll_call_id AND t.community = l.community
    ), noted AS (
        INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, what, facts)
        SELECT r.emergency_id, _at, 'passed_on',
            jsonb_build_object('missed', count(*), 'gaps', count(*) FILTER (WHERE f.turn IS NULL))
        FROM following f JOIN neighbourhoods_rollcall r ON r.id = f.roll_call_id
        GROUP BY r.emergency_id
    )
    SELECT (SELECT count(*) FROM missed), (SELECT array_agg(id) FILTER (WHERE missed_at IS NULL)
        FROM made) INTO _missed, _open;
END $$;

-- Who is silent when the time is over is missed, and whoever comes next is called; where nobody is left,
-- it is a gap. Returns how many were missed.
CREATE OR REPLACE FUNCTION pass_on_v1(_at timestamptz, _today date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _chiefs uuid[];
    _n record;
BEGIN
    IF _at > gz_latest() THEN
        RAISE EXCEPTION 'not what time does' USING ERRCODE = '22023';
    END IF;
    SELECT array_agg(l.id) INTO _chiefs FROM (
        SELECT z.id FROM neighbourhoods_called d
        JOIN neighbourhoods_rollcall r ON r.id = d.roll_call_id
        JOIN neighbourhoods_emergency e ON e.id = r.emergency_id AND e.ended_at IS NULL
        JOIN neighbourhoods_called z ON z.roll_call_id = d.roll_call_id
            AND z.building_id = d.building_id AND z.deputy = 0
        WHERE d.due_at <= _at AND d.answered_at IS NULL AND d.missed_at IS NULL
          AND d.withdrawn_at IS NULL
        FOR UPDATE OF z SKIP LOCKED FOR SHARE OF e SKIP LOCKED) l;
    IF _chiefs IS NULL THEN
        RETURN 0;
    END IF;
    _n := gz_miss(_chiefs, _at, _today);
    PERFORM gz_summon(_n._open, _at);
    RETURN _n._missed;
END $$;
