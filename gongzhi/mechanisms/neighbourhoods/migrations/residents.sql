-- Residents' registrations: who may read and write them, what goes with them, the usual purpose.
-- The settings are made by people/scope.py for each transaction; nothing set, nothing seen.

ALTER TABLE neighbourhoods_registered ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON neighbourhoods_registered FOR SELECT USING (
    (place >= current_setting('app.low', true) AND place < current_setting('app.high', true))
    OR team = ANY (nullif(current_setting('app.units', true), '')::uuid[])
    OR id = nullif(current_setting('app.matter', true), '')::uuid
);
CREATE POLICY made ON neighbourhoods_registered FOR INSERT WITH CHECK (
    (place >= current_setting('app.low', true) AND place < current_setting('app.high', true))
    OR team = ANY (nullif(current_setting('app.units', true), '')::uuid[])
    OR id = nullif(current_setting('app.matter', true), '')::uuid
);
CREATE POLICY changed ON neighbourhoods_registered FOR UPDATE USING (
    (place >= current_setting('app.low', true) AND place < current_setting('app.high', true))
    OR team = ANY (nullif(current_setting('app.units', true), '')::uuid[])
    OR id = nullif(current_setting('app.matter', true), '')::uuid
);

-- Who looked is entered and never changed by the application.
ALTER TABLE neighbourhoods_looked ENABLE ROW LEVEL SECURITY;
CREATE POLICY seen ON neighbourhoods_looked FOR SELECT USING (
    EXISTS (SELECT 1 FROM neighbourhoods_registered r WHERE r.id = neighbourhoods_looked.registered)
);
CREATE POLICY made ON neighbourhoods_looked FOR INSERT WITH CHECK (
    EXISTS (SELECT 1 FROM neighbourhoods_registered r WHERE r.id = neighbourhoods_looked.registered)
);

-- A resident comes with the key of their own page, and is told nothing but which row it opens.
CREATE OR REPLACE FUNCTION registered_v1(_key text) RETURNS uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT id FROM neighbourhoods_registered WHERE key = _key;
$$;

-- A household comes with the key of its own link: which rows are of this household. What they say
-- is not told here; whoever asks must know it already (registers/residents.py: found).
CREATE OR REPLACE FUNCTION registered_at_v1(_key text) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT r.id FROM neighbourhoods_registered r JOIN neighbourhoods_household h ON h.id = r.household_id
    WHERE h.key = _key AND r.erased_at IS NULL;
$$;

-- The reasons why somebody looked may name the resident: they go with the registration.
CREATE OR REPLACE FUNCTION gz_forget_reasons() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE neighbourhoods_looked l SET reason = ''
    FROM changed c WHERE c.erased_at IS NOT NULL AND l.registered = c.id AND l.reason <> '';
    RETURN NULL;
END $$;
CREATE TRIGGER forget_reasons AFTER UPDATE ON neighbourhoods_registered
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION gz_forget_reasons();

-- The usual purpose, everywhere until a city ends it (registers/purposes.py: CONTACT).
INSERT INTO neighbourhoods_purpose (id, name, name_en, why, why_en, place, basis, basis_en, fields,
    sensitive, keep_days, valid_from, account, post)
VALUES ('00000000-0000-0000-0000-00000000c047', '邻里联系', 'Neighbourhood contact',
    '楼里有急事、停水停电或者需要帮忙时，楼长找得到您；您另外同意的，公告也发给您。',
    'So that your building chief can reach you in an emergency, when water or power is cut, or when you need help; and so that notices reach you, if you agree to that separately.',
    '', '您本人同意（个人信息保护法第十三条第一款第一项），随时可以撤回。',
    'Your consent (Personal Information Protection Law, Art. 13(1)(1)); you may withdraw it at any time.',
    '{name,phone,email,notices,alone,disability,medicine,mobility,device,infant}',
    '{notices,alone,disability,medicine,mobility,device,infant}', 365, '2026-01-01',
    '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000');
