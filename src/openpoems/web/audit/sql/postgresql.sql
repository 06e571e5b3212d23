CREATE TABLE audit_entry (
  seq bigint PRIMARY KEY,
  at text NOT NULL, actor text NOT NULL, via text NOT NULL, reason text NOT NULL,
  action text NOT NULL, person text NOT NULL, place text NOT NULL, row_id text NOT NULL, columns text NOT NULL,
  previous text NOT NULL, hash text NOT NULL
);
--;
CREATE INDEX audit_entry_person ON audit_entry (person, seq);
--;
CREATE TABLE audit_head (id integer PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL, hash text NOT NULL);
--;
INSERT INTO audit_head VALUES (1, 0, '');
--;
CREATE VIEW audit_write AS SELECT action, person, place, row_id, columns FROM audit_entry;
--;
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  e audit_entry;
BEGIN
  -- The head's row is held until the transaction ends: entries stand in the order in which they are committed.
  SELECT seq + 1, hash INTO STRICT e.seq, e.previous FROM audit_head FOR UPDATE;
  e.at := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
  e.actor := coalesce(nullif(current_setting('audit.actor', true), ''), 'database');
  e.via := coalesce(current_setting('audit.via', true), '');
  e.reason := coalesce(current_setting('audit.reason', true), '');
  e.action := NEW.action; e.person := NEW.person; e.place := NEW.place; e.row_id := NEW.row_id; e.columns := NEW.columns;
  e.hash := encode(sha256(convert_to(concat_ws(chr(31), e.seq, e.at, e.actor, e.via, e.reason, e.action, e.person,
    e.place, e.row_id, e.columns, e.previous), 'UTF8')), 'hex');
  INSERT INTO audit_entry SELECT e.*;
  UPDATE audit_head SET seq = e.seq, hash = e.hash;
  RETURN NEW;
END $$;
--;
CREATE TRIGGER audit_chain INSTEAD OF INSERT ON audit_write FOR EACH ROW EXECUTE FUNCTION audit_chain();
--;
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$;
--;
CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_kept();
--;
CREATE TRIGGER audit_entry_kept_whole BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
--;
-- Logs a change of any table; its arguments are the columns that hold the row's key and the person's pseudonym.
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  one jsonb := coalesce(after, before);
  changed text := '';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT coalesce(string_agg(key, ' ' ORDER BY key), '') INTO changed
      FROM jsonb_each(after) WHERE value IS DISTINCT FROM before -> key;
    IF changed = '' THEN RETURN NULL; END IF;
  END IF;
  INSERT INTO audit_write VALUES (lower(TG_OP), coalesce(one ->> TG_ARGV[1], ''), TG_TABLE_NAME, one ->> TG_ARGV[0], changed);
  RETURN NULL;
END $$;
