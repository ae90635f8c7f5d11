-- Emergency mode 战斗状态: needs and tasks, for thousands of buildings in one statement. Counts are kept
-- with each change: boards add up counters, and look through no needs.

-- Needs of households: seen by their building's team and by those who stand over the place.
ALTER TABLE neighbourhoods_need ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON neighbourhoods_need FOR SELECT USING (
    (place >= current_setting('app.low', true) AND place < current_setting('app.high', true))
    OR team = ANY (nullif(current_setting('app.units', true), '')::uuid[])
);

-- The emergency begins, with every building of its place.
CREATE OR REPLACE FUNCTION activate_v1(
    _id uuid, _kind text, _name text, _place text, _reason text, _ends_on date, _today date,
    _at timestamptz, _account uuid, _post uuid, _unit uuid
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _n int;
BEGIN
    INSERT INTO neighbourhoods_emergency (id, kind, name, place, reason, unit, account, post,
        started_at, ends_on, ended_why)
    VALUES (_id, _kind, _name, _place, _reason, _unit, _account, _post, _at, _ends_on, '');
    INSERT INTO neighbourhoods_affected (emergency_id, building_id, community, households, registered,
        needs, served, errands, errands_done)
    SELECT _id, b.id, b.community, b.households, 0, 0, 0, 0, 0 FROM neighbourhoods_building b
    WHERE b.community >= _place AND b.community < _place || '~'
      AND (b.valid_to IS NULL OR b.valid_to > _today);
    GET DIAGNOSTICS _n = ROW_COUNT;
    INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
    VALUES (_id, _at, _account, _post, 'activated', jsonb_build_object('buildings', _n));
    RETURN _n;
END $$;

-- Tasks for buildings of an emergency, all of them or those that are named. Returns how many.
CREATE OR REPLACE FUNCTION give_errands_v1(
    _emergency uuid, _what text[], _due timestamptz, _buildings uuid[], _at timestamptz, _account uuid,
    _post uuid
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _n int;
BEGIN
    PERFORM 1 FROM neighbourhoods_emergency WHERE id = _emergency AND ended_at IS NULL FOR SHARE;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    WITH given AS (
        UPDATE neighbourhoods_affected a SET errands = a.errands + cardinality(_what)
        WHERE a.emergency_id = _emergency
          AND (_buildings IS NULL OR a.building_id = ANY (_buildings))
        RETURNING a.building_id
    )
    INSERT INTO neighbourhoods_errand (id, emergency_id, building_id, what, due_at, note)
    SELECT gen_random_uuid(), _emergency, g.building_id, w, _due, ''
    FROM given g CROSS JOIN unnest(_what) w;
    GET DIAGNOSTICS _n = ROW_COUNT;
    INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
    VALUES (_emergency, _at, _account, _post, 'errands_given', jsonb_build_object('n', _n));
    RETURN _n;
END $$;

-- What a household needs, each kind once while it is not met; `well` is that it needs nothing. Returns
-- how many are new; -1 where there is no emergency for it.
CREATE OR REPLACE FUNCTION need_v1(
    _emergency uuid, _household uuid, _ids uuid[], _kinds text[], _notes bytea[], _at timestamptz,
    _account uuid, _post uuid
) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _a neighbourhoods_affected;
    _first boolean;
    _n int;
BEGIN
    SELECT a.* INTO _a FROM neighbourhoods_household h
    JOIN neighbourhoods_affected a ON a.emergency_id = _emergency AND a.building_id = h.building_id
    JOIN neighbourhoods_emergency e ON e.id = _emergency AND e.ended_at IS NULL
    WHERE h.id = _household FOR UPDATE OF a FOR SHARE OF e;
    IF NOT FOUND THEN
        RETURN -1;
    END IF;
    _first := NOT EXISTS (SELECT 1 FROM neighbourhoods_need n
        WHERE n.emergency_id = _emergency AND n.household_id = _household);
    WITH made AS (
        INSERT INTO neighbourhoods_need (id, emergency_id, household_id, building_id, place, team, kind,
            note, made_at, served_at, served_with)
        SELECT w.id, _emergency, _household, b.id, b.community, b.team, w.kind, w.note, _at,
            CASE WHEN w.kind = 'well' THEN _at END, ''
        FROM unnest(_ids, _kinds, _notes) w (id, kind, note)
        JOIN neighbourhoods_building b ON b.id = _a.building_id
        WHERE w.kind <> 'well' OR _first
        ON CONFLICT (emergency_id, household_id, kind) WHERE served_at IS NULL DO NOTHING
        RETURNING kind
    ), counted AS (
        INSERT INTO neighbourhoods_asked AS k (emergency_id, community, kind, n, served)
        SELECT _emergency, _a.community, kind, count(*), 0 FROM made WHERE kind <> 'well' GROUP BY kind
        ORDER BY kind
        ON CONFLICT (emergency_id, community, kind) DO UPDATE SET n = k.n + excluded.n
    ), noted AS (
        INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
        SELECT _emergency, _at, _account, _post, 'registered', jsonb_build_object('building',
            _a.building_id, 'kinds', jsonb_agg(kind)) FROM made HAVING count(*) > 0
    )
    SELECT count(*) FILTER (WHERE kind <> 'well') INTO _n FROM made;
    UPDATE neighbourhoods_affected SET needs = needs + _n, registered = registered + _first::int
    WHERE emergency_id = _emergency AND building_id = _a.building_id;
    RETURN _n;
END $$;

-- A need is met; whoever does not see it meets nothing. Returns whether it was still open.
CREATE OR REPLACE FUNCTION serve_v1(
    _need uuid, _with text, _at timestamptz, _account uuid, _post uuid
) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _n neighbourhoods_need;
BEGIN
    UPDATE neighbourhoods_need n SET served_at = _at, served_by = _post, served_with = _with
    FROM neighbourhoods_emergency e
    WHERE n.id = _need AND n.served_at IS NULL AND e.id = n.emergency_id AND e.ended_at IS NULL
      AND ((n.place >= current_setting('app.low', true)
            AND n.place < current_setting('app.high', true))
        OR n.team = ANY (nullif(current_setting('app.units', true), '')::uuid[]))
    RETURNING n.* INTO _n;
    IF _n.id IS NULL THEN
        RETURN false;
    END IF;
    UPDATE neighbourhoods_affected SET served = served + 1
    WHERE emergency_id = _n.emergency_id AND building_id = _n.building_id;
    UPDATE neighbourhoods_asked SET served = served + 1
    WHERE emergency_id = _n.emergency_id AND community = _n.place AND kind = _n.kind;
    INSERT INTO neighbourhoods_emergencyentry (emergency_id, at, account, post, what, facts)
    VALUES (_n.emergency_id, _at, _account, _post, 'served',
        jsonb_build_object('building', _n.building_id, 'kind', _n.kind));
    RETURN true;
END $$;

-- What a household has asked for and what of it was met, for its own page: kinds and times, no words.
CREATE OR REPLACE FUNCTION needs_at_home_v1(_emergency uuid, _key text)
RETURNS TABLE (kind text, made_at timestamptz, served_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT n.kind, n.made_at, n.served_at FROM neighbourhoods_household h
    JOIN neighbourhoods_need n ON n.emergency_id = _emergency AND n.household_id = h.id
    WHERE h.key = _key ORDER BY n.made_at
$$;

-- On its date, an emergency forgets which household needed what and what was written: the kinds, times
-- and counts stay. Returns how many emergencies.
CREATE OR REPLACE FUNCTION erase_emergencies_v1(_at timestamptz, _today date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _due uuid[];
BEGIN
    IF _at > gz_latest() THEN
        RAISE EXCEPTION 'not what time does' USING ERRCODE = '22023';
    END IF;
    SELECT array_agg(l.id) INTO _due FROM (
        SELECT e.id FROM neighbourhoods_emergency e
        WHERE e.erase_on <= _today AND e.ended_at IS NOT NULL AND e.erased_at IS NULL FOR UPDATE) l;
    UPDATE neighbourhoods_need SET note = NULL, household_id = NULL, served_with = '', erased_at = _at
    WHERE emergency_id = ANY (_due);
    UPDATE neighbourhoods_errand SET note = '' WHERE emergency_id = ANY (_due) AND note <> '';
    DELETE FROM neighbourhoods_summons s USING neighbourhoods_called c, neighbourhoods_rollcall r
    WHERE s.called_id = c.id AND c.roll_call_id = r.id AND r.emergency_id = ANY (_due);
    UPDATE neighbourhoods_emergency SET erased_at = _at WHERE id = ANY (_due);
    RETURN coalesce(cardinality(_due), 0);
END $$;
