-- Notices to residents: queued by building, read and confirmed by household, counted as they are.
--
-- Who read what is known to these functions alone: of one household, or of one building for those who
-- knock at its doors. Locks are always taken in this order: the notice (shared by whoever reads or
-- confirms, alone by whoever queues or counts anew), the household's row, the building's counters.

ALTER TABLE neighbourhoods_sent ENABLE ROW LEVEL SECURITY;
-- Rows are changed where they stand, beside their old selves: no index is touched.
ALTER TABLE neighbourhoods_sent SET (fillfactor = 80);
ALTER TABLE neighbourhoods_told SET (fillfactor = 50);

CREATE OR REPLACE FUNCTION gz_notice_lock(_id uuid) RETURNS bigint LANGUAGE sql IMMUTABLE AS $$
    SELECT hashtextextended(_id::text, 0)
$$;

-- For the rest of the transaction, nobody reads, confirms or queues it. Taken before its row is locked.
CREATE OR REPLACE FUNCTION hold_notice_v1(_id uuid) RETURNS void LANGUAGE sql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT pg_advisory_xact_lock(gz_notice_lock(_id))
$$;

CREATE OR REPLACE FUNCTION gz_notice_reaches(
    _a neighbourhoods_announcement, _b neighbourhoods_building
) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT starts_with(_b.community, _a.place)
        AND (_a.grid_id IS NULL OR _a.grid_id = _b.grid_id)
        AND (_a.building_id IS NULL OR _a.building_id = _b.id)
$$;

-- Give a notice to the households of some more buildings, at most `_most`. Returns whether some are left.
-- Each building is taken once, whoever calls this and however often they are killed.
CREATE OR REPLACE FUNCTION queue_notice_v1(_id uuid, _on date, _at timestamptz, _most int)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _a neighbourhoods_announcement;
    _taken uuid[];
BEGIN
    PERFORM hold_notice_v1(_id);
    SELECT * INTO _a FROM neighbourhoods_announcement
    WHERE id = _id AND queued_at IS NULL FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    WITH next AS MATERIALIZED (
        SELECT b.id, b.community FROM neighbourhoods_building b
        WHERE b.community >= _a.place AND b.community < _a.place || '~' AND gz_notice_reaches(_a, b)
          AND (b.valid_to IS NULL OR b.valid_to > _on)
          AND (_a.queued_to IS NULL OR b.id > _a.queued_to) AND _a.withdrawn_at IS NULL
        ORDER BY b.id LIMIT _most
    ), given AS (
        INSERT INTO neighbourhoods_sent
            (announcement_id, household, building, read_n, confirmed_n)
        SELECT _id, h.id, n.id, 0, 0
        FROM next n JOIN neighbourhoods_household h ON h.building_id = n.id
        WHERE h.until IS NULL OR h.until > _on
        ON CONFLICT DO NOTHING
        RETURNING building
    ), counted AS (
        INSERT INTO neighbourhoods_told AS t
            (announcement_id, building, community, households, read, confirmed, at_door)
        SELECT _id, n.id, n.community, count(g.building), 0, 0, 0
        FROM next n LEFT JOIN given g ON g.building = n.id GROUP BY n.id, n.community
        -- Somebody there has read it already.
        ON CONFLICT (announcement_id, building)
            DO UPDATE SET households = t.households + excluded.households
    )
    SELECT array_agg(id ORDER BY id) INTO _taken FROM next;
    UPDATE neighbourhoods_announcement SET
        queued = queued + coalesce(cardinality(_taken), 0),
        queued_to = coalesce(_taken[cardinality(_taken)], queued_to),
        queued_at = CASE WHEN cardinality(_taken) = _most THEN NULL ELSE _at END
    WHERE id = _id;
    RETURN coalesce(cardinality(_taken) = _most, false);
END $$;

-- A household has heard of a notice: wording `_n`; it confirms it, or was told at the door by `_post`.
CREATE OR REPLACE FUNCTION gz_notice_heard(
    _a neighbourhoods_announcement, _h neighbourhoods_household, _n int, _confirms boolean, _post uuid,
    _at timestamptz
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    _was neighbourhoods_sent;
    _new int := 0;
    _read int;
    _confirmed int;
    _door int;
BEGIN
    SELECT * INTO _was FROM neighbourhoods_sent WHERE announcement_id = _a.id AND household = _h.id;
    IF _was.read_n >= _n AND (NOT _confirms OR _was.confirmed_n >= _a.counts_from) THEN
        RETURN;
    END IF;
    IF _was.household IS NULL THEN  -- it has moved in since, or the queue has not come to it yet
        INSERT INTO neighbourhoods_sent (announcement_id, household, building, read_n, confirmed_n)
        VALUES (_a.id, _h.id, _h.building_id, 0, 0) ON CONFLICT DO NOTHING;
        GET DIAGNOSTICS _new = ROW_COUNT;
    END IF;
    SELECT * INTO _was FROM neighbourhoods_sent
    WHERE announcement_id = _a.id AND household = _h.id FOR NO KEY UPDATE;
    _read := (_was.read_n < _a.counts_from)::int;
    _confirmed := (_confirms AND _was.confirmed_n < _a.counts_from)::int;
    _door := (_post IS NOT NULL AND (_confirmed = 1 OR _read = 1 AND NOT _a.asks))::int;
    UPDATE neighbourhoods_sent SET
        read_n = greatest(read_n, _n),
        read_at = CASE WHEN read_n < _n THEN _at ELSE read_at END,
        confirmed_n = CASE WHEN _confirmed = 1 THEN _n ELSE confirmed_n END,
        confirmed_at = CASE WHEN _confirmed = 1 THEN _at ELSE confirmed_at END,
        told_by = CASE WHEN _door = 1 THEN _post WHEN _confirmed = 1 THEN NULL ELSE told_by END
    WHERE announcement_id = _a.id AND household = _h.id;
    UPDATE neighbourhoods_told SET households = households + _new, read = read + _read,
        confirmed = confirmed + _confirmed, at_door = at_door + _door
    WHERE announcement_id = _a.id AND building = _h.building_id
      AND _new + _read + _confirmed + _door > 0;
    IF NOT FOUND AND _new = 1 THEN
        INSERT INTO neighbourhoods_told AS t
            (announcement_id, building, community, households, read, confirmed, at_door)
        VALUES (_a.id, _h.building_id, _h.community, 1, _read, _confirmed, _door)
        ON CONFLICT (announcement_id, building) DO UPDATE SET households = t.households + 1,
            read = t.read + _read, confirmed = t.confirmed + _confirmed, at_door = t.at_door + _door;
    END IF;
END $$;

-- The notice as whoever reads or confirms may take it for the rest of the transaction; none where it is
-- not for this household.
CREATE OR REPLACE FUNCTION gz_notice_for(_id uuid, _h neighbourhoods_household)
RETURNS neighbourhoods_announcement LANGUAGE plpgsql AS $$
DECLARE
    _a neighbourhoods_announcement;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(gz_notice_lock(_id));
    SELECT a.* INTO _a FROM neighbourhoods_announcement a, neighbourhoods_building b
    WHERE a.id = _id AND b.id = _h.building_id AND gz_notice_reaches(a, b);
    RETURN _a;
END $$;

CREATE OR REPLACE FUNCTION gz_household(_key text, _on date)
RETURNS neighbourhoods_household LANGUAGE sql STABLE AS $$
    SELECT * FROM neighbourhoods_household h
    WHERE h.key = _key AND (h.until IS NULL OR h.until > _on)
$$;

CREATE OR REPLACE FUNCTION gz_notice_wording(_id uuid) RETURNS int LANGUAGE sql STABLE AS $$
    SELECT max(n)::int FROM neighbourhoods_wording WHERE announcement_id = _id
$$;

-- A household opens a notice: that counts as read, once, and all that its page shows is answered.
-- Nothing where the key or the notice is not theirs.
CREATE OR REPLACE FUNCTION read_notice_v1(_key text, _id uuid, _on date, _at timestamptz)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _h neighbourhoods_household := gz_household(_key, _on);
    _a neighbourhoods_announcement;
    _before int;
BEGIN
    _a := gz_notice_for(_id, _h);
    IF _a.id IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT read_n INTO _before FROM neighbourhoods_sent
    WHERE announcement_id = _id AND household = _h.id;
    IF _a.withdrawn_at IS NULL AND _a.shown_until >= _on THEN
        PERFORM gz_notice_heard(_a, _h, gz_notice_wording(_id), false, NULL, _at);
    END IF;
    RETURN jsonb_build_object(
        'notice', to_jsonb(_a),
        'wordings', (SELECT jsonb_agg(to_jsonb(w) ORDER BY w.n) FROM neighbourhoods_wording w
                     WHERE w.announcement_id = _id),
        'before', coalesce(_before, 0),
        'confirmed', coalesce((SELECT s.confirmed_n >= _a.counts_from FROM neighbourhoods_sent s
                      WHERE s.announcement_id = _id AND s.household = _h.id), false),
        'door', (SELECT to_jsonb(d) FROM neighbourhoods_dwelling d WHERE d.id = _h.dwelling_id),
        'building', (SELECT jsonb_build_object('id', b.id, 'name', b.name, 'name_en', b.name_en)
                     FROM neighbourhoods_building b WHERE b.id = _h.building_id),
        'unit', (SELECT jsonb_build_object('name', u.name, 'name_en', u.name_en)
                 FROM people_unit u WHERE u.id = _a.unit));
END $$;

-- A household confirms the wording it was shown. Says in a word what came of it: again, where it was
-- corrected meanwhile and whoever confirmed is asked anew.
CREATE OR REPLACE FUNCTION confirm_notice_v1(
    _key text, _id uuid, _n int, _on date, _at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _h neighbourhoods_household := gz_household(_key, _on);
    _a neighbourhoods_announcement;
BEGIN
    _a := gz_notice_for(_id, _h);
    IF _a.id IS NULL OR NOT _a.asks OR _n > gz_notice_wording(_id) THEN
        RETURN 'unknown';
    ELSIF _a.withdrawn_at IS NOT NULL THEN
        RETURN 'withdrawn';
    ELSIF _a.shown_until < _on THEN
        RETURN 'over';
    ELSIF _n < _a.counts_from THEN
        RETURN 'again';
    END IF;
    PERFORM gz_notice_heard(_a, _h, _n, true, NULL, _at);
    RETURN 'confirmed';
END $$;

-- Somebody has told a household at its door: wording `_n`, or the one that holds. What was told before a
-- correction that asks anew does not count.
CREATE OR REPLACE FUNCTION tell_at_door_v1(
    _id uuid, _household uuid, _n int, _post uuid, _on date, _at timestamptz
) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _h neighbourhoods_household;
    _a neighbourhoods_announcement;
BEGIN
    SELECT * INTO _h FROM neighbourhoods_household
    WHERE id = _household AND (until IS NULL OR until > _on);
    _a := gz_notice_for(_id, _h);
    IF _a.id IS NULL THEN
        RETURN 'unknown';
    ELSIF _a.withdrawn_at IS NOT NULL THEN
        RETURN 'withdrawn';
    ELSIF _n < _a.counts_from THEN
        RETURN 'again';
    END IF;
    PERFORM gz_notice_heard(_a, _h, least(_n, gz_notice_wording(_id)), _a.asks, _post, _at);
    RETURN 'told';
END $$;

-- The wrong door was ticked: what that tick has counted is taken back, and nothing else.
CREATE OR REPLACE FUNCTION untell_at_door_v1(_id uuid, _household uuid) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    _a neighbourhoods_announcement;
    _was neighbourhoods_sent;
    _now neighbourhoods_sent;
BEGIN
    PERFORM pg_advisory_xact_lock_shared(gz_notice_lock(_id));
    SELECT * INTO _a FROM neighbourhoods_announcement WHERE id = _id;
    SELECT * INTO _was FROM neighbourhoods_sent
    WHERE announcement_id = _id AND household = _household AND told_by IS NOT NULL
      AND (CASE WHEN _a.asks THEN confirmed_n ELSE read_n END) >= _a.counts_from FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    -- What was read before, on their own page, stays read.
    UPDATE neighbourhoods_sent SET told_by = NULL, confirmed_n = 0, confirmed_at = NULL,
        read_n = CASE WHEN confirmed_at = read_at OR NOT _a.asks THEN 0 ELSE read_n END,
        read_at = CASE WHEN confirmed_at = read_at OR NOT _a.asks THEN NULL ELSE read_at END
    WHERE announcement_id = _id AND household = _household RETURNING * INTO _now;
    UPDATE neighbourhoods_told SET at_door = at_door - 1,
        confirmed = confirmed - (_was.confirmed_n >= _a.counts_from)::int,
        read = read - (_was.read_n >= _a.counts_from AND _now.read_n = 0)::int
    WHERE announcement_id = _id AND building = _was.building;
END $$;

-- The doors of one building: who has heard of it (confirmed it, where that is asked), and who of them was
-- told at the door.
CREATE OR REPLACE FUNCTION doors_told_v1(_id uuid, _building uuid)
RETURNS TABLE (household uuid, heard boolean, told_by uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT s.household, CASE WHEN a.asks THEN s.confirmed_n ELSE s.read_n END >= a.counts_from,
        s.told_by
    FROM neighbourhoods_sent s JOIN neighbourhoods_announcement a ON a.id = s.announcement_id
    WHERE s.announcement_id = _id AND s.building = _building
$$;

-- What is shown in a building today, the newest first; of a household, whether it has read and confirmed.
CREATE OR REPLACE FUNCTION notices_at_v1(_building uuid, _household uuid, _on date, _most int)
RETURNS TABLE (id uuid, n int, title text, title_en text, published_at timestamptz, shown_until date,
    asks boolean, withdrawn boolean, corrected boolean, read boolean, confirmed boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id, w.n::int, w.title, w.title_en, a.published_at, a.shown_until, a.asks,
        a.withdrawn_at IS NOT NULL, w.n > 1,
        coalesce(s.read_n >= w.n, false), coalesce(s.confirmed_n >= a.counts_from, false)
    FROM neighbourhoods_building b
    JOIN neighbourhoods_announcement a ON a.place = ANY (ARRAY[left(b.community, 2),
            left(b.community, 4), left(b.community, 6), left(b.community, 9), b.community])
        AND a.shown_until >= _on AND gz_notice_reaches(a, b)
    CROSS JOIN LATERAL (
        SELECT * FROM neighbourhoods_wording x WHERE x.announcement_id = a.id
        ORDER BY x.n DESC LIMIT 1) w
    LEFT JOIN neighbourhoods_sent s ON s.announcement_id = a.id AND s.household = _household
    WHERE b.id = _building
    ORDER BY a.published_at DESC, a.id LIMIT _most
$$;

-- From wording `_n` on all households are asked anew: nobody has read or confirmed it yet.
CREATE OR REPLACE FUNCTION count_notice_anew_v1(_id uuid, _n int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM hold_notice_v1(_id);
    UPDATE neighbourhoods_announcement SET counts_from = _n WHERE id = _id AND counts_from < _n;
    IF FOUND THEN
        UPDATE neighbourhoods_told SET read = 0, confirmed = 0, at_door = 0
        WHERE announcement_id = _id;
    END IF;
END $$;
