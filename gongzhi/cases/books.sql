-- Time of posts and rooms, taken by open tasks: a session, a hearing, a joint meeting.

-- When posts and rooms are taken; what for is told only to those who see that case.
CREATE OR REPLACE FUNCTION busy_v1(
    _county text, _books text[], _from timestamptz, _to timestamptz
) RETURNS TABLE (case_id uuid, seq int, n smallint, books jsonb, begins_at timestamptz,
    ends_at timestamptz)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT t.case_id, t.seq, t.n, t.data->'books', (t.data->>'begins_at')::timestamptz,
        (t.data->>'ends_at')::timestamptz
    FROM cases_task t
    WHERE t.county = _county AND t.done_at IS NULL AND t.data ? 'books'
      AND t.data->'books' ?| _books
      AND (t.data->>'begins_at')::timestamptz < _to AND (t.data->>'ends_at')::timestamptz > _from;
END $$;

-- No double booking: an open task that takes time of posts or rooms (`books`, from `begins_at` to
-- `ends_at` in its data) stands alone with each of them in its county. Whoever books the same waits
-- for the other: two that come at once would not see each other.
CREATE OR REPLACE FUNCTION gz_book(_county text, _id uuid, _tasks jsonb) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    _task jsonb;
BEGIN
    FOR _task IN SELECT t FROM jsonb_array_elements(_tasks) t
            WHERE t->>'done_at' IS NULL AND t->'data' ? 'books' LOOP
        PERFORM pg_advisory_xact_lock(hashtextextended(b, 0))
            FROM (SELECT b FROM jsonb_array_elements_text(_task->'data'->'books') b ORDER BY b) o;
        IF EXISTS (
            SELECT 1 FROM busy_v1(_county,
                ARRAY(SELECT jsonb_array_elements_text(_task->'data'->'books')),
                (_task->'data'->>'begins_at')::timestamptz,
                (_task->'data'->>'ends_at')::timestamptz) b
            WHERE (b.case_id, b.seq, b.n)
                IS DISTINCT FROM (_id, (_task->>'seq')::int, (_task->>'n')::int)) THEN
            RAISE EXCEPTION 'taken at that time' USING ERRCODE = 'GZ009';
        END IF;
    END LOOP;
END $$;

-- The act that ended a task; null while it is open.
CREATE OR REPLACE FUNCTION gz_ended_by(_t cases_task) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT e.act::text FROM cases_entry e WHERE e.county = _t.county AND e.case_id = _t.case_id
        AND e.seq > _t.seq AND e.at = _t.done_at ORDER BY e.seq LIMIT 1
$$;

-- What takes the time of posts and rooms: what is done too, with the act that ended it. What it is about is told only to those who see that case.
CREATE OR REPLACE FUNCTION diary_v1(
    _county text, _books text[], _from timestamptz, _to timestamptz
) RETURNS TABLE (case_id uuid, seq int, n smallint, books text[],
    begins_at timestamptz, ends_at timestamptz, done_at timestamptz, ended_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT t.case_id, t.seq, t.n,
        ARRAY(SELECT jsonb_array_elements_text(t.data->'books')),
        (t.data->>'begins_at')::timestamptz, (t.data->>'ends_at')::timestamptz, t.done_at,
        gz_ended_by(t)
    FROM cases_task t
    WHERE t.county = _county AND t.data ? 'books' AND t.data->'books' ?| _books
      AND (t.data->>'begins_at')::timestamptz < _to AND (t.data->>'ends_at')::timestamptz > _from;
END $$;

-- The cases that are heard on one occasion (a visit day), done or to come; `ended_by` is the act
-- that ended a booking: held, or only moved.
CREATE OR REPLACE FUNCTION heard_v1(_county text, _occasion text)
RETURNS TABLE (case_id uuid, begins_at timestamptz, done_at timestamptz, ended_by text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    RETURN QUERY
    SELECT t.case_id, (t.data->>'begins_at')::timestamptz, t.done_at, gz_ended_by(t)
    FROM cases_task t
    WHERE t.county = _county AND t.data ? 'books' AND t.data->>'occasion' = _occasion
    ORDER BY 2;
END $$;
