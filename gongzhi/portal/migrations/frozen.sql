-- What is published stays as it was: a figure that changes between two readings tells what changed.
CREATE FUNCTION gz_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is published is not changed' USING ERRCODE = '55000';
END $$;
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON portal_publication
    FOR EACH STATEMENT EXECUTE FUNCTION gz_frozen();
CREATE TRIGGER frozen BEFORE UPDATE OR DELETE OR TRUNCATE ON portal_openfigure
    FOR EACH STATEMENT EXECUTE FUNCTION gz_frozen();
