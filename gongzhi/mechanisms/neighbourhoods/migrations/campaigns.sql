-- Check-in of a household at a campaign 签到: written and counted in one round trip.

-- How many of a household came; 0 takes it back. The same said twice changes nothing, another
-- number corrects. `said` is why nothing was done: closed, early, elsewhere; else nothing.
CREATE FUNCTION check_in_v1(
    _campaign uuid, _household uuid, _building uuid, _people int, _post uuid, _at timestamptz,
    OUT said text, OUT households int, OUT came int, OUT people int
) LANGUAGE plpgsql AS $$
DECLARE
    _of record;
    _before int;
    _new int := (_people > 0)::int;
BEGIN
    -- Whoever closes the campaign waits for this, and reports it.
    SELECT c.closed_at, c.starts_on INTO _of FROM neighbourhoods_campaign c
    WHERE c.id = _campaign FOR SHARE;
    -- Whoever is next in this building waits here, and then reads what was written before.
    SELECT p.households, p.came, p.people INTO households, came, people
    FROM neighbourhoods_progress p
    WHERE p.campaign_id = _campaign AND p.building = _building FOR UPDATE;
    said := CASE
        WHEN households IS NULL THEN 'elsewhere'
        WHEN _of.closed_at IS NOT NULL THEN 'closed'
        WHEN (_at AT TIME ZONE 'Asia/Shanghai')::date < _of.starts_on THEN 'early'
    END;
    IF said IS NOT NULL THEN
        RETURN;
    END IF;
    SELECT c.people INTO _before FROM neighbourhoods_checkin c
    WHERE c.campaign_id = _campaign AND c.household = _household;
    IF coalesce(_before, 0) = _people THEN
        RETURN;
    END IF;
    IF _people = 0 THEN
        DELETE FROM neighbourhoods_checkin c
        WHERE c.campaign_id = _campaign AND c.household = _household;
    ELSE
        INSERT INTO neighbourhoods_checkin (campaign_id, household, building, people, at, post)
        VALUES (_campaign, _household, _building, _people, _at, _post)
        ON CONFLICT (campaign_id, household)
        DO UPDATE SET people = excluded.people, post = excluded.post;
    END IF;
    UPDATE neighbourhoods_progress p
    SET came = p.came + _new - (_before IS NOT NULL)::int,
        people = p.people + _people - coalesce(_before, 0)
    WHERE p.campaign_id = _campaign AND p.building = _building
    RETURNING p.came, p.people INTO came, people;
END $$;
