-- How a case begins, alone or with many others. Like all doors (act.sql) these run with the owner's
-- rights, check post and place once more, and take the county first.

-- The number is drawn by lot, so that it tells nobody how many cases there are.
CREATE OR REPLACE FUNCTION gz_free_number(_county text, _drawn jsonb) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    _number text;
BEGIN
    FOR _number IN SELECT jsonb_array_elements_text(_drawn) LOOP
        IF NOT EXISTS (SELECT 1 FROM cases_case WHERE county = _county AND number = _number) THEN
            RETURN _number;
        END IF;
    END LOOP;
    RAISE EXCEPTION 'all numbers taken' USING ERRCODE = 'GZ006';
END $$;

-- What the ledger says of a beginning, now that unit and number are known.
CREATE OR REPLACE FUNCTION gz_placed(
    _changes jsonb, _unit uuid, _units uuid[], _hidden uuid[], _number text
) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    _changes := gz_entered(jsonb_set(_changes, '{case}', _changes->'case' || jsonb_build_object(
        'unit', _unit, 'units', _units, 'hidden', _hidden, 'number', _number)),
        _unit, _changes->'case'->'facts', _changes->'case'->>'category');
    _changes := jsonb_set(_changes, ARRAY['figures', 'now.held.' || gz_level(_unit)], '1');
    IF (_changes->'case'->>'weight')::int <> 0 THEN
        _changes := jsonb_set(_changes,
            ARRAY['figures', 'now.weight.' || (_changes->'case'->>'weight')], '1');
    END IF;
    IF _changes ? 'tasks' THEN
        _changes := jsonb_set(_changes, '{tasks}', (
            SELECT jsonb_agg(CASE WHEN t->>'unit' IS NULL
                THEN t || jsonb_build_object('unit', _unit) ELSE t END)
            FROM jsonb_array_elements(_changes->'tasks') t));
    END IF;
    RETURN _changes;
END $$;

-- Begin a case: one round trip.
CREATE OR REPLACE FUNCTION report_v1(_county text, _p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _c cases_case;
    _e cases_entry;
    _by jsonb := _p->'by';
    _at timestamptz := (_p->'entry'->>'at')::timestamptz;
    _again jsonb;
BEGIN
    -- Title and position may name a person: they stand in the row, where they can be erased, but
    -- not in the ledger.
    _c := jsonb_populate_record(NULL::cases_case, (_p->'changes'->'case') || (_p->'apart'));
    _again := gz_once(_county, _p, _c.id, 1);
    IF _again IS NOT NULL THEN
        RETURN _again;
    END IF;
    IF _by ? 'post' AND NOT gz_holds_post((_by->>'account')::uuid, (_by->>'post')::uuid, _at) THEN
        RAISE EXCEPTION 'post not held' USING ERRCODE = 'GZ002';
    END IF;
    IF NOT EXISTS (SELECT 1 FROM places_division WHERE code = _c.place AND valid_to IS NULL) THEN
        RAISE EXCEPTION 'unknown place' USING ERRCODE = 'GZ005';
    END IF;
    _c.hidden := gz_accused(_c.hidden, _p->'parties', _at);
    _c.unit := coalesce(_c.unit, gz_route(_c.place,
        ARRAY(SELECT jsonb_array_elements_text(_p->'routed_to')), _c.hidden, _at));
    IF _c.unit IS NULL THEN
        RAISE EXCEPTION 'no unit' USING ERRCODE = 'GZ004';
    END IF;
    IF gz_holds_own(_c.unit, _c.post, _c.hidden, _at) THEN
        RAISE EXCEPTION 'accused' USING ERRCODE = 'GZ007';
    END IF;
    _c.units := ARRAY(SELECT DISTINCT unnest(_c.unit || _c.units) ORDER BY 1);
    _c.number := gz_free_number(_county, _p->'numbers');
    _e := gz_entry(jsonb_populate_record(NULL::cases_entry, _p->'entry'), _county, _c.id, '',
        _p->'data', gz_placed(_p->'changes', _c.unit, _c.units, _c.hidden, _c.number));
    INSERT INTO cases_case (county, id, number, mechanism, version, category, phase, state, is_open,
        place, unit, post, offered, units, hidden, confined, title, channel, urgent, weight, longitude, latitude,
        due_at, overdue, reported_at, facts, seq, head)
    VALUES (_county, _c.id, _c.number, _c.mechanism, _c.version, _c.category, _c.phase, _c.state,
        _c.is_open, _c.place, _c.unit, _c.post, _c.offered, _c.units, _c.hidden, _c.confined, _c.title,
        _c.channel, _c.urgent, _c.weight, _c.longitude, _c.latitude, _c.due_at, _c.overdue, _c.reported_at,
        _e.changes->'case'->'facts', 1, _e.hash);
    INSERT INTO cases_notice SELECT * FROM gz_given(_c, _e, false);
    PERFORM gz_write(_c, _e, _p);
    RETURN jsonb_build_object('again', false, 'id', _c.id, 'seq', 1, 'number', _c.number,
        'unit', _c.unit);
END $$;

-- For use within a statement, where nothing else can refuse.
CREATE OR REPLACE FUNCTION gz_refuse(_code text, _why text) RETURNS uuid
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION USING ERRCODE = _code, MESSAGE = _why;
END $$;

-- Many cases of one county at once: the same rules and the same rows as report_v1, in sets.
-- `_common` is what all of them share (by, entry, routed_to); `_many` are payloads without it.
-- All of them or none; each key once, whatever was sent before.
CREATE OR REPLACE FUNCTION report_many_v1(_county text, _common jsonb, _many jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _by jsonb := _common->'by';
    _line cases_entry := jsonb_populate_record(NULL::cases_entry, _common->'entry');
    _at timestamptz := _line.at;
    _kinds text[] := ARRAY(SELECT jsonb_array_elements_text(_common->'routed_to'));
    _new int;
    _done jsonb;
BEGIN
    IF _by ? 'post' AND NOT gz_holds_post((_by->>'account')::uuid, (_by->>'post')::uuid, _at) THEN
        RAISE EXCEPTION 'post not held' USING ERRCODE = 'GZ002';
    END IF;
    WITH given AS MATERIALIZED (
        SELECT n, p, (p->'changes'->'case'->>'id')::uuid AS id, (p->>'key')::bytea AS key
        FROM jsonb_array_elements(_many) WITH ORDINALITY g (p, n)
    ), fresh AS (
        INSERT INTO cases_once (county, key, case_id, seq)
        SELECT _county, key, id, 1 FROM given ON CONFLICT DO NOTHING
        RETURNING case_id
    ), told AS MATERIALIZED (
        SELECT g.n, g.p, c, CASE
                WHEN c.hidden <> '{}'
                    OR g.p->'parties' @? '$[*] ? (@.side == "respondent" && @.phone_index != null)'
                THEN gz_accused(c.hidden, g.p->'parties', _at) ELSE c.hidden END AS hidden,
            gz_free_number(_county, g.p->'numbers') AS number
        FROM given g
        JOIN fresh f ON f.case_id = g.id
        CROSS JOIN LATERAL jsonb_populate_record(NULL::cases_case,
            (g.p->'changes'->'case') || (g.p->'apart')) c
    ), taken AS MATERIALIZED (
        SELECT place, hidden, CASE
            WHEN EXISTS (SELECT 1 FROM places_division WHERE code = place AND valid_to IS NULL)
            THEN gz_route(place, _kinds, hidden, _at)
            ELSE gz_refuse('GZ005', 'unknown place') END AS unit
        FROM (SELECT DISTINCT (c).place, hidden FROM told) d
    ), routed AS (
        SELECT t.n, t.p, t.c, t.hidden, t.number, u.unit,
            ARRAY(SELECT DISTINCT unnest(u.unit || (t.c).units) ORDER BY 1) AS units
        FROM told t
        JOIN taken k ON k.place = (t.c).place AND k.hidden = t.hidden
        CROSS JOIN LATERAL (
            SELECT CASE
                WHEN (t.c).unit IS NULL THEN coalesce(k.unit, gz_refuse('GZ004', 'no unit'))
                -- The route passes by the accused; a unit that was named may be one.
                WHEN gz_holds_own((t.c).unit, (t.c).post, t.hidden, _at)
                THEN gz_refuse('GZ007', 'accused')
                ELSE (t.c).unit END AS unit) u
    ), made AS MATERIALIZED (
        SELECT r.*, e
        FROM routed r
        CROSS JOIN LATERAL gz_entry(_line, _county, (r.c).id, '', r.p->'data',
            gz_placed(r.p->'changes', r.unit, r.units, r.hidden, r.number)) e
    ), cases AS (
        INSERT INTO cases_case (county, id, number, mechanism, version, category, phase, state,
            is_open, place, unit, post, offered, units, hidden, confined, title, channel, urgent, weight, longitude,
            latitude, due_at, overdue, reported_at, facts, seq, head)
        SELECT _county, (c).id, number, (c).mechanism, (c).version, (c).category, (c).phase,
            (c).state, (c).is_open, (c).place, unit, (c).post, (c).offered, units, hidden, (c).confined,
            (c).title, (c).channel, (c).urgent, (c).weight, (c).longitude, (c).latitude, (c).due_at,
            (c).overdue, (c).reported_at, (e).changes->'case'->'facts', 1, (e).hash
        FROM made
    ), entries AS (
        INSERT INTO cases_entry (county, case_id, seq, act, at, account, post, unit, place, before,
            after, data, changes, previous, hash)
        SELECT _county, (e).case_id, 1, (e).act, _at, (e).account, (e).post, (e).unit, (e).place,
            (e).before, (e).after, (e).data, (e).changes, '', (e).hash
        FROM made
    ), words AS (
        INSERT INTO cases_sealed (county, case_id, seq, field, salt, body)
        SELECT _county, (m.c).id, 1, s.field, s.salt, s.body
        FROM made m, jsonb_populate_recordset(NULL::cases_sealed, m.p->'sealed') s
    ), clocks AS (
        INSERT INTO cases_clockrun (county, case_id, seq, name, mechanism, status, started_at,
            due_at, provisional, extended)
        SELECT _county, (m.c).id, 1, k.name, (m.c).mechanism, k.status, k.started_at, k.due_at,
            k.provisional, k.extended
        FROM made m, jsonb_populate_recordset(NULL::cases_clockrun, (m.e).changes->'clocks') k
    ), tasks AS (
        INSERT INTO cases_task (county, case_id, seq, n, name, unit, post, due_at, data)
        SELECT _county, (m.c).id, 1, t.n, t.name, t.unit, t.post, t.due_at, t.data
        FROM made m, jsonb_populate_recordset(NULL::cases_task, (m.e).changes->'tasks') t
    ), given_out AS (
        -- The case itself is told to nobody by mail: whoever brings in thousands knows.
        INSERT INTO cases_notice
        SELECT x.county, x.case_id, x.seq, x.task, x.n,
            CASE x.name WHEN 'custody' THEN '' ELSE x.name END, x.unit, x.post, x.due_at, true
        FROM made m, gz_given(m.c, m.e, true) x
    ), parties AS (
        INSERT INTO cases_party (county, case_id, id, side, seq, name, phone, address, name_index,
            phone_index, tail_index, who)
        SELECT _county, (m.c).id, q.id, q.side, 1, q.name, q.phone, q.address, q.name_index,
            q.phone_index, q.tail_index, q.who
        FROM made m, jsonb_populate_recordset(NULL::cases_party, m.p->'parties') q
    ), files AS (
        INSERT INTO cases_attachment (county, case_id, seq, n, sha256, kind, size)
        SELECT _county, (m.c).id, 1, f.n, f.sha256, f.kind, f.size
        FROM made m, jsonb_populate_recordset(NULL::cases_attachment, m.p->'files') f
    ), deltas AS (
        INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
        SELECT _county, (c).id, 1, gz_counted((c).place, (c).confined), (c).mechanism,
            (_at AT TIME ZONE 'Asia/Shanghai')::date, (e).changes->'figures'
        FROM made
    )
    SELECT count(*) INTO _new FROM made;
    -- A statement of its own: it sees what this one wrote and what others did meanwhile.
    SELECT jsonb_agg(jsonb_build_object('id', o.case_id, 'number', c.number,
        'again', o.case_id::text <> p->'changes'->'case'->>'id') ORDER BY n)
    INTO _done
    FROM jsonb_array_elements(_many) WITH ORDINALITY g (p, n)
    JOIN cases_once o ON o.county = _county AND o.key = (p->>'key')::bytea
    JOIN cases_case c ON c.county = _county AND c.id = o.case_id;
    RETURN _done;
END $$;
