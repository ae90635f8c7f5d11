-- Row-level security: what the application's role may read. Nothing set, nothing seen.
-- The settings are made by people/scope.py for each transaction.

ALTER TABLE cases_case ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_case FOR SELECT USING (
    ((place >= current_setting('app.low', true) AND place < current_setting('app.high', true)
            AND NOT confined)
        OR units && nullif(current_setting('app.units', true), '')::uuid[]
        OR id = nullif(current_setting('app.matter', true), '')::uuid)
    AND NOT hidden && nullif(current_setting('app.ids', true), '')::uuid[]
);

ALTER TABLE cases_entry ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_entry FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_entry.county AND c.id = cases_entry.case_id)
);

ALTER TABLE cases_sealed ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_sealed FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_sealed.county AND c.id = cases_sealed.case_id)
);

ALTER TABLE cases_task ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_task FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_task.county AND c.id = cases_task.case_id)
);

ALTER TABLE cases_clockrun ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_clockrun FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_clockrun.county AND c.id = cases_clockrun.case_id)
);

ALTER TABLE cases_party ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_party FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_party.county AND c.id = cases_party.case_id)
);

ALTER TABLE cases_attachment ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_attachment FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_attachment.county AND c.id = cases_attachment.case_id)
);

ALTER TABLE cases_link ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_link FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_link.county AND c.id = cases_link.case_id)
);

ALTER TABLE cases_delivery ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_delivery FOR SELECT USING (
    EXISTS (SELECT 1 FROM cases_case c WHERE c.county = cases_delivery.county AND c.id = cases_delivery.case_id)
);

-- Idempotency keys and the outbox are read by the SQL functions alone.
ALTER TABLE cases_once ENABLE ROW LEVEL SECURITY;
ALTER TABLE cases_notice ENABLE ROW LEVEL SECURITY;

-- Figures name no person, yet a post sees those of its own places only.
ALTER TABLE cases_delta ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_delta FOR SELECT USING (
    place >= current_setting('app.low', true) AND place < current_setting('app.high', true)
);

ALTER TABLE cases_stock ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_stock FOR SELECT USING (
    place >= current_setting('app.low', true) AND place < current_setting('app.high', true)
);

ALTER TABLE cases_daily ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_daily FOR SELECT USING (
    place >= current_setting('app.low', true) AND place < current_setting('app.high', true)
);

-- One day, which tells of nobody: whoever asks for months must know it.
ALTER TABLE cases_addedup ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_addedup FOR SELECT USING (true);

ALTER TABLE cases_monthly ENABLE ROW LEVEL SECURITY;
CREATE POLICY scope ON cases_monthly FOR SELECT USING (
    place >= current_setting('app.low', true) AND place < current_setting('app.high', true)
);
