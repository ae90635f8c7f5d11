-- How a case is read: in one round trip, under row-level security when the application reads, above
-- it when a door (act.sql) does. plpgsql, because it keeps its plans; sql would plan at each call.

-- The unit above that may take a case: the nearest that exists and is not complained about.
CREATE OR REPLACE FUNCTION above_v1(_unit uuid, _hidden uuid[], _at timestamptz) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        WITH RECURSIVE up AS (
            SELECT p.id, p.parent, p.valid_to, 1 AS n
            FROM people_unit u JOIN people_unit p ON p.id = u.parent WHERE u.id = _unit
            UNION ALL
            SELECT p.id, p.parent, p.valid_to, up.n + 1
            FROM up JOIN people_unit p ON p.id = up.parent WHERE up.n < 10
        )
        SELECT id FROM up
        WHERE NOT id = ANY (_hidden) AND (valid_to IS NULL OR valid_to > _at) ORDER BY n LIMIT 1);
END $$;

-- What decides what may be done next; NULL for whoever may not see the case.
CREATE OR REPLACE FUNCTION seen_v1(_county text, _id uuid, _at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    _c cases_case;
    _above uuid;
BEGIN
    SELECT * INTO _c FROM cases_case WHERE county = _county AND id = _id;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    _above := above_v1(_c.unit, _c.hidden, _at);
    RETURN jsonb_build_object(
        'at', _at,
        'case', to_jsonb(_c),
        'holder_place', (SELECT place FROM people_unit WHERE id = _c.unit),
        'parent_unit', _above,
        'parent_place', (SELECT place FROM people_unit WHERE id = _above),
        'from_place', (SELECT place FROM people_unit WHERE id = (_c.facts->>'from_unit')::uuid),
        'clocks', (SELECT coalesce(jsonb_agg(to_jsonb(k) - 'county' - 'case_id' - 'mechanism'), '[]')
            FROM cases_clockrun k
            WHERE k.county = _county AND k.case_id = _id AND k.ended_at IS NULL),
        'tasks', (SELECT coalesce(jsonb_agg(to_jsonb(t) - 'county' - 'case_id' ORDER BY seq, n), '[]')
            FROM cases_task t
            WHERE t.county = _county AND t.case_id = _id AND t.done_at IS NULL),
        'parties', (SELECT coalesce(jsonb_agg(to_jsonb(q) - 'name' - 'phone' - 'address'), '[]')
            FROM cases_party q WHERE q.county = _county AND q.case_id = _id),
        'last', (SELECT coalesce(jsonb_object_agg(act, account), '{}') FROM (
            SELECT DISTINCT ON (act) act, account FROM cases_entry e
            WHERE e.county = _county AND e.case_id = _id ORDER BY act, seq DESC) l));
END $$;

-- How the case stands that this one was joined to as a repeat, at the end of the chain: for the party
-- of this one alone, who sees no other row of it. Nothing of a case that is kept to the units
-- concerned, or that complains about them. `party`: whether they are one of its parties themselves.
CREATE OR REPLACE FUNCTION first_v1(_county text, _id uuid) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _f cases_case;
    _before cases_case;
    _phones bytea[];
BEGIN
    IF nullif(current_setting('app.matter', true), '')::uuid IS DISTINCT FROM _id THEN
        RETURN NULL;
    END IF;
    _before.county := _county;
    _before.id := _id;
    FOR _n IN 1..10 LOOP
        SELECT x.* INTO _f FROM cases_link l
        JOIN cases_case x ON x.county = l.other_county AND x.id = l.other
        WHERE l.county = _before.county AND l.case_id = _before.id AND l.kind = 'repeat'
        ORDER BY l.seq DESC LIMIT 1;
        EXIT WHEN NOT FOUND;
        IF _f.confined OR _f.erased_at IS NOT NULL OR _f.id = _id THEN
            RETURN NULL;
        END IF;
        _before := _f;
    END LOOP;
    _phones := ARRAY(SELECT phone_index FROM cases_party
        WHERE county = _county AND case_id = _id AND side = 'applicant'
          AND phone_index IS NOT NULL);
    IF _before.id = _id OR EXISTS (
            SELECT 1 FROM cases_party q WHERE q.county = _before.county AND q.case_id = _before.id
              AND q.side = 'respondent' AND q.phone_index = ANY (_phones)) THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object(
        'county', _before.county, 'id', _before.id, 'number', _before.number,
        'mechanism', _before.mechanism, 'state', _before.state, 'phase', _before.phase,
        'is_open', _before.is_open, 'reported_at', _before.reported_at, 'due_at', _before.due_at,
        'party', EXISTS (
            SELECT 1 FROM cases_party q WHERE q.county = _before.county
              AND q.case_id = _before.id AND q.side = 'applicant'
              AND q.phone_index = ANY (_phones)),
        'steps', (SELECT jsonb_agg(jsonb_build_object('act', act, 'at', at) ORDER BY seq)
            FROM cases_entry e WHERE e.county = _before.county AND e.case_id = _before.id
              AND e.before <> e.after));
END $$;

-- All rows of a case, for its page; NULL for whoever may not see it.
CREATE OR REPLACE FUNCTION whole_v1(_county text, _id uuid, _at timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    _seen jsonb := seen_v1(_county, _id, _at);
BEGIN
    IF _seen IS NULL THEN
        RETURN NULL;
    END IF;
    RETURN jsonb_build_object(
        'seen', _seen,
        'entries', (SELECT jsonb_agg(to_jsonb(x) ORDER BY seq)
            FROM cases_entry x WHERE county = _county AND case_id = _id),
        'sealed', (SELECT jsonb_agg(to_jsonb(x))
            FROM cases_sealed x WHERE county = _county AND case_id = _id),
        'clocks', (SELECT jsonb_agg(to_jsonb(x) ORDER BY due_at)
            FROM cases_clockrun x WHERE county = _county AND case_id = _id),
        'tasks', (SELECT jsonb_agg(to_jsonb(x) ORDER BY due_at, seq, n)
            FROM cases_task x WHERE county = _county AND case_id = _id),
        'deliveries', (SELECT jsonb_agg(to_jsonb(x) ORDER BY made_at, kind, outlet)
            FROM cases_delivery x WHERE county = _county AND case_id = _id),
        'parties', (SELECT jsonb_agg(to_jsonb(x) ORDER BY seq, side)
            FROM cases_party x WHERE county = _county AND case_id = _id),
        'files', (SELECT jsonb_agg(to_jsonb(x) ORDER BY seq, n)
            FROM cases_attachment x WHERE county = _county AND case_id = _id),
        -- Only those that this reader may see for themselves.
        'linked', (SELECT jsonb_agg(to_jsonb(x) ORDER BY x.reported_at) FROM (
            SELECT x.* FROM cases_link l
            JOIN cases_case x ON x.county = l.other_county AND x.id = l.other
            WHERE l.county = _county AND l.case_id = _id
            UNION
            SELECT x.* FROM cases_link l
            JOIN cases_case x ON x.county = l.county AND x.id = l.case_id
            WHERE l.county = _county AND l.other = _id) x),
        'first', first_v1(_county, _id),
        'shut_out', (SELECT jsonb_agg(to_jsonb(u) ORDER BY u.place, u.name) FROM people_unit u
            WHERE u.id = ANY (ARRAY(SELECT jsonb_array_elements_text(_seen->'case'->'hidden'))::uuid[])),
        'units', (SELECT jsonb_agg(to_jsonb(u)) FROM people_unit u
            WHERE u.id = (_seen->'case'->>'unit')::uuid
               OR u.id = ANY (ARRAY(SELECT jsonb_array_elements_text(_seen->'case'->'units'))::uuid[])
               OR u.id IN (SELECT e.unit FROM cases_entry e
                           WHERE e.county = _county AND e.case_id = _id)));
END $$;

-- How many open cases each post holds: a number, whoever asks; it tells nothing of the cases.
CREATE OR REPLACE FUNCTION load_v1(_county text, _posts uuid[]) RETURNS TABLE (post uuid, n int)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT c.post, count(*)::int FROM cases_case c
    WHERE c.county = _county AND c.post = ANY (_posts) AND c.is_open GROUP BY c.post;
END $$;
