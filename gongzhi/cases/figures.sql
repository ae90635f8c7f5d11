-- Figures: what a step adds to them, and how deltas become the counters of five levels.

-- The level of a unit, as figures name it.
CREATE OR REPLACE FUNCTION gz_level(_unit uuid) RETURNS text
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE length(place) WHEN 2 THEN 'province' WHEN 4 THEN 'city'
        WHEN 6 THEN 'county' WHEN 9 THEN 'town' ELSE 'village' END
        FROM people_unit WHERE id = _unit);
END $$;

-- What a step adds to how many open cases units of each level hold, how many of these are late, and
-- how many there are of each weight (of those that were weighed).
CREATE OR REPLACE FUNCTION gz_stood(_changes jsonb, _was cases_case, _is cases_case) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
    _before text;
    _after text;
BEGIN
    IF (_was.unit, _was.is_open, _was.overdue, _was.weight) IS NOT DISTINCT FROM
            (_is.unit, _is.is_open, _is.overdue, _is.weight) THEN
        RETURN _changes;
    END IF;
    _after := gz_level(_is.unit);
    _before := CASE WHEN _was.unit = _is.unit THEN _after ELSE gz_level(_was.unit) END;
    RETURN _changes || jsonb_build_object('figures', coalesce(_changes->'figures', '{}') || (
        SELECT coalesce(jsonb_object_agg(name, n), '{}') FROM (
            SELECT name, sum(n) AS n FROM (VALUES
                ('now.held.' || _before, -(coalesce(_was.is_open, false)::int)),
                ('now.held.' || _after, _is.is_open::int),
                ('now.late.' || _before, -(coalesce(_was.is_open AND _was.overdue, false)::int)),
                ('now.late.' || _after, (_is.is_open AND _is.overdue)::int),
                ('now.weight.' || nullif(_was.weight, 0), -(_was.is_open::int)),
                ('now.weight.' || nullif(_is.weight, 0), _is.is_open::int)) v (name, n)
            WHERE name IS NOT NULL GROUP BY name HAVING sum(n) <> 0) s));
END $$;

-- A case that comes to a level for the first time is counted as entered there.
CREATE OR REPLACE FUNCTION gz_entered(_changes jsonb, _unit uuid, _facts jsonb, _category text)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    _level text := gz_level(_unit);
    _levels jsonb := coalesce(_facts->'levels', '[]');
BEGIN
    IF _levels ? _level THEN
        RETURN _changes;
    END IF;
    RETURN _changes || jsonb_build_object(
        'case', coalesce(_changes->'case', '{}') || jsonb_build_object(
            'facts', _facts || jsonb_build_object('levels', _levels || to_jsonb(_level))),
        'figures', coalesce(_changes->'figures', '{}')
            || jsonb_build_object('entered.' || _level || '.' || _category, 1));
END $$;

-- Where a case is counted: a confined one from the county up, so that no count of one tells whoever
-- is complained about that there is something.
CREATE OR REPLACE FUNCTION gz_counted(_place text, _confined boolean) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN _confined THEN left(_place, 6) ELSE _place END $$;

-- What was counted of a case before it was confined goes from its village to its county, each figure
-- on the day it was of.
CREATE OR REPLACE FUNCTION gz_withdraw_figures(_c cases_case) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cases_delta (county, case_id, seq, place, mechanism, day, figures)
    SELECT e.county, e.case_id, -2 * e.seq - w.n, w.place, _c.mechanism,
        (e.at AT TIME ZONE 'Asia/Shanghai')::date,
        (SELECT coalesce(jsonb_object_agg(key, w.sign * value::int), '{}')
         FROM jsonb_each_text(e.changes->'figures'))
    FROM cases_entry e
    CROSS JOIN (VALUES (0, -1, _c.place), (1, 1, left(_c.place, 6))) w (n, sign, place)
    WHERE e.county = _c.county AND e.case_id = _c.id AND e.changes ? 'figures';
END $$;

-- What is counted again and again is written over in its own page: room is left for that.
ALTER TABLE cases_stock SET (fillfactor = 70);

-- The day before which days are added to their months.
CREATE OR REPLACE FUNCTION gz_added_up() RETURNS date
LANGUAGE sql STABLE AS $$ SELECT coalesce(max(until), date '0001-01-01') FROM cases_addedup $$;

-- Fold deltas into the counters of the five levels. Returns how many deltas were taken.
CREATE OR REPLACE FUNCTION fold_v1(_limit int) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    _taken int;
    _added_up date;
BEGIN
    -- One folder at a time: two would only wait for each other's counters.
    IF NOT pg_try_advisory_xact_lock(hashtext('gongzhi fold')) THEN
        RETURN 0;
    END IF;
    _added_up := gz_added_up();
    -- Taken and written in the order of the indexes: what is like stands together, pages are hot.
    WITH taken AS (
        DELETE FROM cases_delta WHERE ctid = ANY (ARRAY(
            SELECT ctid FROM cases_delta ORDER BY county, case_id, seq LIMIT _limit))
        RETURNING *
    ), sums AS (
        SELECT left(t.place, l.n) AS place, t.mechanism, f.key COLLATE "C" AS figure,
            CASE WHEN NOT starts_with(f.key, 'now.') THEN t.day END AS day,
            sum(f.value::bigint) AS n
        FROM taken t, jsonb_each_text(t.figures) f, (VALUES (2), (4), (6), (9), (12)) l (n)
        WHERE length(t.place) >= l.n
        GROUP BY 1, 2, 3, 4
    ), stocks AS (
        INSERT INTO cases_stock AS c (place, mechanism, figure, n)
        SELECT place, mechanism, figure, n FROM sums WHERE day IS NULL
        ORDER BY place, figure, mechanism
        ON CONFLICT (place, figure, mechanism) DO UPDATE SET n = c.n + EXCLUDED.n
    ), of_days AS (
        INSERT INTO cases_daily AS c (month, place, mechanism, figure, day, n)
        SELECT to_char(day, 'YYYY-MM') AS month, place, mechanism, figure, day, n
        FROM sums WHERE day IS NOT NULL ORDER BY month, place, figure, day, mechanism
        ON CONFLICT (month, place, figure, day, mechanism) DO UPDATE SET n = c.n + EXCLUDED.n
    ), of_months AS (
        INSERT INTO cases_monthly AS c (month, place, mechanism, figure, n)
        SELECT to_char(day, 'YYYY-MM') AS month, place, mechanism, figure, sum(n)
        FROM sums WHERE day < _added_up GROUP BY 1, 2, 3, 4
        ORDER BY month, place, figure, mechanism
        ON CONFLICT (month, place, figure, mechanism) DO UPDATE SET n = c.n + EXCLUDED.n
    )
    SELECT count(*) INTO _taken FROM taken;
    RETURN _taken;
END $$;

-- Add days that are over to their months, up to this one. Returns how many sums it changed.
CREATE OR REPLACE FUNCTION add_up_v1(_until date) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET work_mem = '64MB' AS $$
DECLARE
    _changed int;
    _since date;
BEGIN
    IF _until > (gz_latest() AT TIME ZONE 'Asia/Shanghai')::date THEN
        RAISE EXCEPTION 'that day is not over' USING ERRCODE = '22023';
    END IF;
    -- Nothing is folded meanwhile, or a day would be added up without it.
    PERFORM pg_advisory_xact_lock(hashtext('gongzhi fold'));
    _since := gz_added_up();
    IF _until <= _since THEN
        RETURN 0;
    END IF;
    INSERT INTO cases_monthly AS c (month, place, mechanism, figure, n)
    SELECT month, place, mechanism, figure, sum(n) FROM cases_daily
    WHERE month >= to_char(_since, 'YYYY-MM') AND month <= to_char(_until, 'YYYY-MM')
        AND day >= _since AND day < _until
    GROUP BY 1, 2, 3, 4 ORDER BY month, place, figure, mechanism
    ON CONFLICT (month, place, figure, mechanism) DO UPDATE SET n = c.n + EXCLUDED.n;
    GET DIAGNOSTICS _changed = ROW_COUNT;
    DELETE FROM cases_addedup;
    INSERT INTO cases_addedup (until) VALUES (_until);
    RETURN _changed;
END $$;
