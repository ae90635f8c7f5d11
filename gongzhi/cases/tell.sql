-- Who is told 告知. What an act or time gives somebody to do is laid into the outbox (cases_notice) in
-- the same transaction, without words or names; the worker makes deliveries of it (notices/). Open
-- pages are told by NOTIFY: of an act by the connection that acts, of what is done in sets by the
-- worker. Every payload carries `hidden`: the listener tells none of those who are complained about.

-- Deliveries wait for their time; those that were delivered or given up wait for nothing.
CREATE INDEX delivery_due ON cases_delivery (next_at, outlet) WHERE next_at IS NOT NULL;
CREATE INDEX delivery_given_up ON cases_delivery (unit, given_up_at) WHERE given_up_at IS NOT NULL;
ALTER TABLE cases_notice ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_delivery ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);

-- What an entry gives: tasks that are new or have changed hands, and the case itself (task 0). Called
-- before the tasks are written. With `_tell`, the worker still has to tell the pages, of any entry.
CREATE OR REPLACE FUNCTION gz_given(_c cases_case, _e cases_entry, _tell boolean)
RETURNS SETOF cases_notice LANGUAGE plpgsql STABLE AS $$
DECLARE
    _n cases_case := jsonb_populate_record(_c, coalesce(_e.changes->'case', '{}'));
    _gets boolean := _n.unit IS DISTINCT FROM _e.unit AND (_e.seq = 1 OR _n.unit <> _c.unit)
        OR _n.post IS DISTINCT FROM _c.post AND _n.post IS DISTINCT FROM _e.post
            AND _n.post IS NOT NULL;
BEGIN
    IF _gets OR _tell THEN
        RETURN QUERY SELECT _e.county, _e.case_id, _e.seq, 0, 0::smallint,
            (CASE WHEN _gets THEN 'custody' ELSE '' END)::varchar(40), _n.unit, _n.post, _n.due_at, _tell;
    END IF;
    IF _e.changes ? 'tasks' THEN
        RETURN QUERY SELECT _e.county, _e.case_id, _e.seq, t.seq, t.n, t.name, t.unit, t.post,
            t.due_at, _tell
        FROM jsonb_populate_recordset(NULL::cases_task, _e.changes->'tasks') t
        LEFT JOIN cases_task o ON o.county = _e.county AND o.case_id = _e.case_id
            AND o.seq = t.seq AND o.n = t.n
        WHERE t.done_at IS NULL AND (t.post IS NULL OR t.post IS DISTINCT FROM _e.post)
          -- Whoever has it already is told again only when they are reminded of it.
          AND (o.unit, o.post, o.data->'rung') IS DISTINCT FROM (t.unit, t.post, t.data->'rung');
    END IF;
END $$;

-- A payload has room for 8000 bytes. One that is longer becomes the word to every page to look anew.
CREATE OR REPLACE FUNCTION gz_notify(_said jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('gongzhi',
        CASE WHEN octet_length(_said::text) < 8000 THEN _said::text ELSE '{}' END);
END $$;

-- Tell open pages of one entry: sent with the act, in its transaction.
CREATE OR REPLACE FUNCTION tell_v1(_county text, _id uuid, _seq int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM gz_notify(jsonb_build_object('case', _county || '/' || _id, 'act', e.act,
        'counties', jsonb_build_array(_county), 'units', c.units, 'hidden', c.hidden, 'tasks', coalesce((
            SELECT jsonb_agg(DISTINCT jsonb_build_array(n.unit, n.post)) FROM cases_notice n
            WHERE n.county = _county AND n.case_id = _id AND n.seq = _seq), '[]')))
    FROM cases_case c
    JOIN cases_entry e ON e.county = c.county AND e.case_id = c.id AND e.seq = _seq
    WHERE c.county = _county AND c.id = _id;
END $$;

-- Tell open pages of many entries: a few payloads, each for units of cases that hide the same.
CREATE OR REPLACE FUNCTION gz_tell_many(_given cases_notice[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM gz_notify(jsonb_build_object('case', CASE WHEN count(DISTINCT id) = 1
            THEN min(county || '/' || id) ELSE '' END,
        'act', '', 'counties', jsonb_agg(DISTINCT county), 'units', jsonb_agg(DISTINCT unit), 'hidden', hidden,
        'tasks', coalesce(jsonb_agg(DISTINCT jsonb_build_array(to_unit, post))
            FILTER (WHERE name <> '' AND unit = to_unit), '[]')))
    FROM (
        SELECT c.county, c.id, c.hidden, u.unit, g.name, g.unit AS to_unit, g.post,
            dense_rank() OVER (PARTITION BY c.hidden ORDER BY u.unit) / 50 AS part
        FROM unnest(_given) g
        JOIN cases_case c ON c.county = g.county AND c.id = g.case_id
        CROSS JOIN LATERAL unnest(c.units) u (unit)
        WHERE g.tell) x
    GROUP BY hidden, part;
END $$;

-- How many notices wait, are tried again and were given up in places that begin so: numbers alone.
CREATE OR REPLACE FUNCTION undelivered_v1(_county text, _since timestamptz)
RETURNS TABLE (waiting bigint, retrying bigint, given_up bigint)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT count(*) FILTER (WHERE d.next_at IS NOT NULL AND d.tries = 0),
        count(*) FILTER (WHERE d.next_at IS NOT NULL AND d.tries > 0),
        count(*) FILTER (WHERE d.given_up_at >= _since)
    FROM cases_delivery d
    WHERE starts_with(d.county, _county) AND (d.next_at IS NOT NULL OR d.given_up_at >= _since);
END $$;
