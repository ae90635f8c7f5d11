-- The one door: whatever changes in a case changes in these functions.
-- They run with the owner's rights, since the application's role may only read. Whoever calls them
-- has been checked in Python against the declaration; here post, scope and state are checked again.
-- First argument is always the county, the shard key.

-- Refusals carry these codes: GZ001 not found or not visible, GZ002 post not held,
-- GZ003 somebody was faster, GZ004 no unit takes this case in, GZ005 unknown place,
-- GZ006 all numbers drawn are taken (never seen: each is one of ten million),
-- GZ007 whoever is complained about would hold the case, GZ008 the post is of another unit,
-- GZ009 a person or a room is taken at that time.

CREATE OR REPLACE FUNCTION gz_holds_post(_account uuid, _post uuid, _at timestamptz) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT 1 FROM people_appointment a JOIN people_post p ON p.id = a.post_id
        WHERE a.account_id = _account AND a.post_id = _post
          AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)
          AND (p.valid_to IS NULL OR p.valid_to > _at));
END $$;

-- The rule of row-level security once more, for the functions that stand above it.
CREATE OR REPLACE FUNCTION gz_may_touch(_c cases_case, _by jsonb, _at timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    _post people_post;
BEGIN
    -- Time itself acts only where the owner of these functions has signed in.
    IF _by ? 'timer' THEN
        RETURN session_user = current_user;
    END IF;
    IF _by ? 'tail' THEN
        RETURN EXISTS (
            SELECT 1 FROM cases_party p
            WHERE p.county = _c.county AND p.case_id = _c.id AND p.side = 'applicant'
              AND p.tail_index = (_by->>'tail')::bytea);
    END IF;
    SELECT * INTO _post FROM people_post WHERE id = (_by->>'post')::uuid;
    IF NOT FOUND OR _c.hidden && ARRAY[_post.id, _post.unit_id, (_by->>'account')::uuid] THEN
        RETURN false;
    END IF;
    -- Nor from another post of theirs: they may have joined those complained about since.
    IF _c.hidden <> '{}' AND EXISTS (
            SELECT 1 FROM people_appointment a JOIN people_post p ON p.id = a.post_id
            WHERE a.account_id = (_by->>'account')::uuid
              AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)
              AND _c.hidden && ARRAY[p.id, p.unit_id]) THEN
        RETURN false;
    END IF;
    RETURN (_post.sees_place AND NOT _c.confined AND starts_with(_c.place, _post.place))
        OR _post.unit_id = ANY (_c.units);
END $$;

CREATE OR REPLACE FUNCTION gz_hash(_e cases_entry) RETURNS bytea
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN sha256(convert_to(concat_ws(E'\x1f',
        _e.county, _e.case_id::text, _e.seq::text, _e.act,
        (extract(epoch FROM _e.at) * 1000000)::bigint::text,
        coalesce(_e.account::text, ''), coalesce(_e.post::text, ''), coalesce(_e.unit::text, ''),
        _e.place, _e.before, _e.after, _e.data::text, _e.changes::text,
        encode(_e.previous, 'hex')), 'UTF8'));
END $$;

-- The ledger's line of an act, hashed onto the chain. `_e` says who did what when.
CREATE OR REPLACE FUNCTION gz_entry(
    _e cases_entry, _county text, _id uuid, _previous bytea, _data jsonb, _changes jsonb
) RETURNS cases_entry LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    _e.county := _county;
    _e.case_id := _id;
    _e.data := coalesce(_data, '{}');
    _e.changes := _changes;
    _e.previous := _previous;
    _e.hash := gz_hash(_e);
    RETURN _e;
END $$;

-- Everything of an act but the case row itself: the entry and the rows that hang on it.
-- Records are spread in FROM: (f(x)).* would call the function once for each column.
CREATE OR REPLACE FUNCTION gz_write(_c cases_case, _e cases_entry, _p jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    _changes jsonb := _e.changes;
BEGIN
    INSERT INTO cases_entry SELECT _e.*;

    IF _p ? 'sealed' THEN
        INSERT INTO cases_sealed (county, case_id, seq, field, salt, body)
        SELECT _e.county, _e.case_id, _e.seq, s.field, s.salt, s.body
        FROM jsonb_populate_recordset(NULL::cases_sealed, _p->'sealed') s;
    END IF;
    IF _changes ? 'clocks' THEN
        INSERT INTO cases_clockrun (county, case_id, seq, name, mechanism, status, started_at,
            due_at, provisional, paused_at, ended_at, extended)
        SELECT _e.county, _e.case_id, k.seq, k.name, _c.mechanism, k.status, k.started_at,
            k.due_at, k.provisional, k.paused_at, k.ended_at, k.extended
        FROM jsonb_populate_recordset(NULL::cases_clockrun, _changes->'clocks') k
        ON CONFLICT (county, case_id, seq, name) DO UPDATE SET
            status = EXCLUDED.status, due_at = EXCLUDED.due_at, provisional = EXCLUDED.provisional,
            paused_at = EXCLUDED.paused_at, ended_at = EXCLUDED.ended_at, extended = EXCLUDED.extended;
    END IF;
    IF _changes ? 'tasks' THEN
        INSERT INTO cases_task (county, case_id, seq, n, name, unit, post, due_at, done_at, data)
        SELECT _e.county, _e.case_id, t.seq, t.n, t.name, t.unit, t.post, t.due_at, t.done_at, t.data
        FROM jsonb_populate_recordset(NULL::cases_task, _changes->'tasks') t
        ON CONFLICT (county, case_id, seq, n) DO UPDATE SET
            unit = EXCLUDED.unit, post = EXCLUDED.post, due_at = EXCLUDED.due_at,
            done_at = EXCLUDED.done_at, data = EXCLUDED.data;
        PERFORM gz_book(_e.county, _e.case_id, _changes->'tasks');
    END IF;
    IF _p ? 'parties' THEN
        INSERT INTO cases_party (county, case_id, id, side, seq, name, phone, address, name_index,
            phone_index, tail_index, who)
        SELECT _e.county, _e.case_id, q.id, q.side, _e.seq, q.name, q.phone, q.address,
            q.name_index, q.phone_index, q.tail_index, q.who
        FROM jsonb_populate_recordset(NULL::cases_party, _p->'parties') q;
    END IF;
    IF _p ? 'files' THEN
        INSERT INTO cases_attachment (county, case_id, seq, n, sha256, kind, size)
        SELECT _e.county, _e.case_id, _e.seq, f.n, f.sha256, f.kind, f.size
        FROM jsonb_populate_recordset(NULL::cases_attachment, _p->'files') f;
    END IF;
    IF _p ? 'links' THEN
        INSERT INTO cases_link (county, case_id, other, other_county, kind, seq)
        SELECT _e.county, _e.case_id, l.other, l.other_county, l.kind, _e.seq
        FROM jsonb_populate_recordset(NULL::cases_link, _p->'links') l
        ON CONFLICT DO NOTHING;
    END IF;
    IF _changes ? 'figures' THEN
        INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
        VALUES (_e.county, _e.case_id, _e.seq, gz_counted(_c.place, _c.confined), _c.mechanism,
                (_e.at AT TIME ZONE 'Asia/Shanghai')::date, _changes->'figures');
    END IF;
END $$;

-- What a request with this key did before, or NULL when it is new. A key in flight is waited for.
CREATE OR REPLACE FUNCTION gz_once(_county text, _p jsonb, _id uuid, _seq int) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
    _before cases_once;
BEGIN
    IF NOT _p ? 'key' THEN
        RETURN NULL;
    END IF;
    INSERT INTO cases_once (county, key, case_id, seq)
    VALUES (_county, (_p->>'key')::bytea, _id, _seq) ON CONFLICT DO NOTHING;
    IF FOUND THEN
        RETURN NULL;
    END IF;
    SELECT * INTO _before FROM cases_once WHERE county = _county AND key = (_p->>'key')::bytea;
    RETURN jsonb_build_object('again', true, 'id', _before.case_id, 'seq', _before.seq,
        'number', (SELECT number FROM cases_case WHERE county = _county AND id = _before.case_id));
END $$;

-- Whether all who work in a unit are complained about: a case given to it would be seen by nobody.
CREATE OR REPLACE FUNCTION gz_all_accused(_unit uuid, _hidden uuid[], _at timestamptz)
RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT _hidden <> '{}' AND coalesce((
        SELECT bool_and(a.account_id = ANY (_hidden)) FROM people_appointment a
        JOIN people_post p ON p.id = a.post_id
        WHERE p.unit_id = _unit AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)),
        false)
$$;

-- The nearest unit of the wanted kinds from the place upwards, never one that is complained about.
CREATE OR REPLACE FUNCTION gz_route(_place text, _kinds text[], _hidden uuid[], _at timestamptz)
RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT u.id FROM people_unit u
        WHERE u.kind = ANY (_kinds)
          AND u.place IN (_place, left(_place, 9), left(_place, 6), left(_place, 4), left(_place, 2))
          AND u.valid_from <= _at AND (u.valid_to IS NULL OR u.valid_to > _at)
          AND NOT u.id = ANY (_hidden) AND NOT gz_all_accused(u.id, _hidden, _at)
        ORDER BY length(u.place) DESC, array_position(_kinds, u.kind::text), u.id LIMIT 1);
END $$;

-- Our own people among those complained about, known by the blind index of their phone; with a
-- unit or a post, the persons who hold posts there: they may hold others elsewhere, and would read
-- there what is said about them.
CREATE OR REPLACE FUNCTION gz_accused(_hidden uuid[], _parties jsonb, _at timestamptz)
RETURNS uuid[] LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(array_agg(DISTINCT h ORDER BY h), '{}') FROM (
            SELECT unnest(_hidden)
            UNION ALL
            SELECT a.account_id FROM people_appointment a
            JOIN people_post p ON p.id = a.post_id
            WHERE (p.id = ANY (_hidden) OR p.unit_id = ANY (_hidden))
              AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at)
            UNION ALL
            SELECT a.id FROM people_account a
            JOIN jsonb_array_elements(coalesce(_parties, '[]')) q
                ON a.phone_index = (q->>'phone_index')::bytea
            WHERE q->>'side' = 'respondent') x (h));
END $$;

-- Whether the one complained about would hold the case: the unit, the post or whoever is in it.
CREATE OR REPLACE FUNCTION gz_holds_own(_unit uuid, _post uuid, _hidden uuid[], _at timestamptz)
RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN _unit = ANY (_hidden) OR coalesce(_post = ANY (_hidden), false)
        OR gz_all_accused(_unit, _hidden, _at) OR EXISTS (
        SELECT 1 FROM people_appointment a
        WHERE a.post_id = _post AND a.account_id = ANY (_hidden)
          AND a.held_from <= _at AND (a.held_to IS NULL OR a.held_to > _at));
END $$;

-- Read a case for acting on it: locked until the transaction ends.
CREATE OR REPLACE FUNCTION lock_v1(_county text, _id uuid, _by jsonb, _at timestamptz, _key text)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _c cases_case;
    _before cases_once;
BEGIN
    SELECT * INTO _c FROM cases_case WHERE county = _county AND id = _id FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT gz_may_touch(_c, _by, _at) THEN
        RAISE EXCEPTION 'not found' USING ERRCODE = 'GZ001';
    END IF;
    IF _by ? 'post' AND NOT gz_holds_post((_by->>'account')::uuid, (_by->>'post')::uuid, _at) THEN
        RAISE EXCEPTION 'post not held' USING ERRCODE = 'GZ002';
    END IF;
    SELECT * INTO _before FROM cases_once WHERE county = _county AND key = _key::bytea;
    RETURN jsonb_build_object('again', _before.seq) || seen_v1(_county, _id, _at);
END $$;

-- Act on a case that lock_v1 has read in this transaction.
CREATE OR REPLACE FUNCTION act_v1(_county text, _id uuid, _p jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _c cases_case;
    _n cases_case;
    _e cases_entry;
    _again jsonb;
    _changes jsonb := coalesce(_p->'changes', '{}');
    _seq int := (_p->'entry'->>'seq')::int;
    _at timestamptz := (_p->'entry'->>'at')::timestamptz;
BEGIN
    SELECT * INTO _c FROM cases_case WHERE county = _county AND id = _id FOR NO KEY UPDATE;
    IF NOT FOUND OR NOT gz_may_touch(_c, _p->'by', _at) THEN
        RAISE EXCEPTION 'not found' USING ERRCODE = 'GZ001';
    END IF;
    _again := gz_once(_county, _p, _id, _seq);
    IF _again IS NOT NULL THEN
        RETURN _again;
    END IF;
    IF _c.seq + 1 <> _seq OR _c.state <> _p->'entry'->>'before' THEN
        RAISE EXCEPTION 'somebody was faster' USING ERRCODE = 'GZ003';
    END IF;
    IF _p->'by' ? 'post' AND NOT gz_holds_post((_p->'by'->>'account')::uuid,
            (_p->'by'->>'post')::uuid, _at) THEN
        RAISE EXCEPTION 'post not held' USING ERRCODE = 'GZ002';
    END IF;
    _n := jsonb_populate_record(_c, coalesce(_changes->'case', '{}'));
    IF _n.hidden <> _c.hidden OR _p->'parties' @? '$[*] ? (@.side == "respondent")' THEN
        _n.hidden := gz_accused(_n.hidden, _p->'parties', _at);
        _changes := _changes || jsonb_build_object('case',
            coalesce(_changes->'case', '{}') || jsonb_build_object('hidden', _n.hidden));
    END IF;
    -- Asked of whoever is new only: a case must not get stuck because its post changed hands.
    IF (_n.unit, _n.post, _n.hidden) IS DISTINCT FROM (_c.unit, _c.post, _c.hidden)
            AND gz_holds_own(_n.unit, _n.post, _n.hidden, _at) THEN
        RAISE EXCEPTION 'accused' USING ERRCODE = 'GZ007';
    END IF;
    IF _n.post IS DISTINCT FROM _c.post AND _n.post IS NOT NULL AND NOT EXISTS (
            SELECT 1 FROM people_post WHERE id = _n.post AND unit_id = _n.unit) THEN
        RAISE EXCEPTION 'post of another unit' USING ERRCODE = 'GZ008';
    END IF;
    IF _n.unit <> _c.unit THEN
        _changes := gz_entered(_changes, _n.unit, _n.facts, _n.category);
        _n.facts := coalesce(_changes->'case'->'facts', _n.facts);
    END IF;
    _changes := gz_stood(_changes, _c, _n);
    _e := gz_entry(jsonb_populate_record(NULL::cases_entry, _p->'entry'), _county, _id, _c.head,
        _p->'data', _changes);
    IF _n.confined AND NOT _c.confined THEN
        PERFORM gz_withdraw_figures(_c);
    END IF;
    INSERT INTO cases_notice SELECT * FROM gz_given(_c, _e, false);
    PERFORM gz_write(_n, _e, _p);
    UPDATE cases_case SET
        category = _n.category, phase = _n.phase, state = _n.state, is_open = _n.is_open,
        unit = _n.unit, post = _n.post, offered = _n.offered, units = _n.units, hidden = _n.hidden,
        confined = _n.confined,
        title = _n.title, urgent = _n.urgent, weight = _n.weight, due_at = _n.due_at, overdue = _n.overdue,
        closed_at = _n.closed_at, parent = _n.parent, facts = _n.facts, seq = _seq, head = _e.hash
    WHERE county = _county AND id = _id;
    RETURN jsonb_build_object('again', false, 'id', _id, 'seq', _seq, 'number', _c.number);
END $$;

-- Which case a resident means, if number and phone suffix belong together.
CREATE OR REPLACE FUNCTION track_v1(_county text, _number text, _tail bytea) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT c.id FROM cases_case c JOIN cases_party p ON p.county = c.county AND p.case_id = c.id
    WHERE c.county = _county AND c.number = _number AND p.side = 'applicant' AND p.tail_index = _tail
    LIMIT 1
$$;

-- Erase what is personal in cases closed long enough ago. Returns each case and the files of it
-- that no other case keeps. The ledger is not touched: it holds digests only. Not a door: how long
-- cases are kept is not known here, so only the owner, who knows the declaration, may call it.
CREATE OR REPLACE FUNCTION gz_erase(
    _mechanism text, _before timestamptz, _at timestamptz, _limit int
) RETURNS TABLE (case_id uuid, files text[])
LANGUAGE plpgsql AS $$
BEGIN
    RETURN QUERY
    WITH old AS (
        SELECT c.county, c.id FROM cases_case c
        WHERE c.mechanism = _mechanism AND NOT c.is_open AND c.erased_at IS NULL
          AND c.closed_at < _before
        LIMIT _limit FOR NO KEY UPDATE SKIP LOCKED
    ), marked AS (
        UPDATE cases_case c SET erased_at = _at, title = c.category, longitude = NULL,
            latitude = NULL
        FROM old WHERE c.county = old.county AND c.id = old.id
    ), words AS (
        DELETE FROM cases_sealed s USING old WHERE s.county = old.county AND s.case_id = old.id
    ), notices AS (
        DELETE FROM cases_notice n USING old WHERE n.county = old.county AND n.case_id = old.id
    ), deliveries AS (
        DELETE FROM cases_delivery d USING old WHERE d.county = old.county AND d.case_id = old.id
    ), persons AS (
        UPDATE cases_party p SET name = NULL, phone = NULL, address = NULL, name_index = NULL,
            phone_index = NULL, tail_index = NULL, erased_at = _at
        FROM old WHERE p.county = old.county AND p.case_id = old.id
    ), laid AS (
        UPDATE cases_attachment a SET erased_at = _at
        FROM old WHERE a.county = old.county AND a.case_id = old.id
        RETURNING a.case_id, a.sha256
    )
    SELECT old.id, ARRAY(
        SELECT DISTINCT l.sha256::text FROM laid l
        WHERE l.case_id = old.id AND NOT EXISTS (
            SELECT 1 FROM cases_attachment o
            WHERE o.sha256 = l.sha256 AND o.erased_at IS NULL
              -- Those erased with it keep it no longer, though this statement still sees them do so.
              AND (o.county, o.case_id) NOT IN (SELECT county, id FROM old)))
    FROM old;
END $$;
