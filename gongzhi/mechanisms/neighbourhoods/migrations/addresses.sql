-- Residents who get notices at an address of their own, because they agreed to that and to no more.
-- The addresses stay sealed; their blind indexes tell which are equal, so that each is sent to once.

-- Registrations that hold today, and whose resident still wants notices by some channel. Written in one
-- place, for whoever lays them and for whoever is about to send.
CREATE OR REPLACE FUNCTION gz_notified(_on date) RETURNS SETOF neighbourhoods_registered
LANGUAGE sql STABLE AS $$
    SELECT r.* FROM neighbourhoods_registered r
    JOIN neighbourhoods_household h ON h.id = r.household_id AND (h.until IS NULL OR h.until > _on)
    JOIN neighbourhoods_purpose p ON p.id = r.purpose_id AND (p.ends_on IS NULL OR p.ends_on >= _on)
    WHERE r.erased_at IS NULL AND r.expires_on >= _on
      AND (r.mail_index IS NOT NULL OR r.sms_index IS NOT NULL)
$$;

-- Of a scope and one channel. Nobody but the functions below asks this.
CREATE OR REPLACE FUNCTION gz_notice_addresses(
    _place text, _grid uuid, _building uuid, _channel text, _on date
) RETURNS TABLE (registered uuid, household uuid, building uuid, address bytea)
LANGUAGE sql STABLE AS $$
    SELECT r.id, r.household_id, r.building_id, i.index FROM gz_notified(_on) r
    JOIN neighbourhoods_building b ON b.id = r.building_id AND (b.valid_to IS NULL OR b.valid_to > _on)
    CROSS JOIN LATERAL (SELECT CASE _channel WHEN 'mail' THEN r.mail_index
                               WHEN 'sms' THEN r.sms_index END AS index) i
    WHERE r.place >= _place AND r.place < _place || '~' AND i.index IS NOT NULL
      AND (_grid IS NULL OR b.grid_id = _grid) AND (_building IS NULL OR b.id = _building)
$$;

-- How many addresses a notice would reach, for whoever writes it: nothing where there are fewer than ten
-- (registers/residents_notified.py: FEWEST), so that a count tells of nobody.
CREATE OR REPLACE FUNCTION notice_addresses_v1(
    _place text, _grid uuid, _building uuid, _channel text, _on date
) RETURNS int LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT CASE WHEN count(DISTINCT address) >= 10 THEN count(DISTINCT address)::int END
    FROM gz_notice_addresses(_place, _grid, _building, _channel, _on)
$$;

-- All dispatches of a mailing to residents at once, each address once. A reminder goes to households that
-- have not confirmed (read, where nothing is asked); that it is withdrawn, to those who may have heard.
CREATE OR REPLACE FUNCTION gz_lay_for_residents(_id uuid, _on date, _at timestamptz) RETURNS int
LANGUAGE plpgsql AS $$
DECLARE
    _m neighbourhoods_mailing;
    _a neighbourhoods_announcement;
    _n int;
BEGIN
    SELECT * INTO _m FROM neighbourhoods_mailing WHERE id = _id;
    SELECT * INTO _a FROM neighbourhoods_announcement WHERE id = _m.announcement_id;
    INSERT INTO neighbourhoods_dispatch
        (mailing_id, channel, registered, building, made_at, next_at, tries, error)
    SELECT DISTINCT ON (c.channel, n.address)
        _id, c.channel, n.registered, n.building, _at, _at, 0, ''
    FROM jsonb_array_elements_text(_a.channels) c(channel)
    CROSS JOIN LATERAL gz_notice_addresses(_a.place, _a.grid_id, _a.building_id, c.channel, _on) n
    WHERE CASE _m.what
        WHEN 'reminder' THEN NOT EXISTS (
            SELECT 1 FROM neighbourhoods_sent s
            WHERE s.announcement_id = _a.id AND s.household = n.household
              AND CASE WHEN _a.asks THEN s.confirmed_n ELSE s.read_n END >= _a.counts_from)
        WHEN 'withdrawal' THEN EXISTS (
            SELECT 1 FROM neighbourhoods_mailing m JOIN neighbourhoods_dispatch d ON d.mailing_id = m.id
            WHERE m.announcement_id = _a.id AND d.channel = c.channel AND d.outlet IS NULL
              AND d.registered = n.registered AND (d.sent_at IS NOT NULL OR d.tries > 0))
        ELSE true END
    ORDER BY c.channel, n.address, n.registered
    ON CONFLICT DO NOTHING;
    GET DIAGNOSTICS _n = ROW_COUNT;
    RETURN _n;
END $$;
