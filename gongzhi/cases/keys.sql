-- Foreign keys that carry the shard key, and the indexes the worklists live on.
ALTER TABLE cases_entry ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_sealed ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_task ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_clockrun ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_party ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_attachment ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);
ALTER TABLE cases_link ADD FOREIGN KEY (county, case_id) REFERENCES cases_case (county, id);

-- One index for each level: a worklist page is a range of one of them, whatever the size.
CREATE INDEX open_province ON cases_case (province, due_at, id) WHERE is_open;
CREATE INDEX open_city ON cases_case (city, due_at, id) WHERE is_open;
CREATE INDEX open_county ON cases_case (county, due_at, id) WHERE is_open;
CREATE INDEX open_town ON cases_case (town, due_at, id) WHERE is_open;
CREATE INDEX open_village ON cases_case (place, due_at, id) WHERE is_open;
CREATE INDEX open_unit ON cases_case (unit, due_at, id) WHERE is_open;
CREATE INDEX open_post ON cases_case (post, due_at, id) WHERE is_open AND post IS NOT NULL;
-- The order of urgency (urgency.py): of a place's cases of one mechanism, each state and weight is a
-- range of one of these. Only cases that were weighed are in them.
CREATE INDEX weighed_province ON cases_case (province, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX weighed_city ON cases_case (city, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX weighed_county ON cases_case (county, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX weighed_town ON cases_case (town, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX weighed_village ON cases_case (place, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX weighed_unit ON cases_case (unit, mechanism, weight, state, due_at, id)
    WHERE is_open AND weight > 0;
CREATE INDEX closed_when ON cases_case (mechanism, closed_at) WHERE NOT is_open AND erased_at IS NULL;

CREATE INDEX task_unit ON cases_task (unit, due_at) WHERE done_at IS NULL;
CREATE INDEX task_post ON cases_task (post, due_at) WHERE done_at IS NULL;
CREATE INDEX task_books ON cases_task USING gin ((data->'books')) WHERE data ? 'books';
CREATE INDEX task_occasion ON cases_task (county, (data->>'occasion')) WHERE data ? 'books';
CREATE INDEX task_chased ON cases_task (due_at) WHERE done_at IS NULL AND data ? 'rungs';
CREATE INDEX task_reminder ON cases_task (due_at) WHERE done_at IS NULL AND name = 'reminder';
CREATE INDEX entry_decided ON cases_entry (at, case_id) WHERE act = 'decide_duty';
CREATE INDEX clock_late ON cases_clockrun (county, case_id) WHERE status = 'late';
CREATE INDEX clock_due ON cases_clockrun (mechanism, name, due_at) WHERE status = 'running';
CREATE INDEX party_phone ON cases_party (phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX party_name ON cases_party (name_index) WHERE name_index IS NOT NULL;
CREATE INDEX delta_place ON cases_delta (place);
-- At every report our own people are looked for among those complained about.
CREATE INDEX account_phone ON people_account (phone_index) WHERE phone_index IS NOT NULL;

-- Room on each page for the next version of a case: what time marks late touches no index then.
ALTER TABLE cases_case SET (fillfactor = 80);
