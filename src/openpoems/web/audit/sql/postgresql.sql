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
-- What a transaction did waits here, seen by nobody else, until it commits; empty at all other times.
CREATE UNLOGGED TABLE audit_waiting (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at text NOT NULL, actor text NOT NULL, via text NOT NULL, reason text NOT NULL,
  action text NOT NULL, person text NOT NULL, place text NOT NULL, row_id text NOT NULL, columns text NOT NULL
);
--;
CREATE FUNCTION audit_note() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_waiting (at, actor, via, reason, action, person, place, row_id, columns) VALUES (
    to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    coalesce(nullif(current_setting('audit.actor', true), ''), 'database'),
    coalesce(current_setting('audit.via', true), ''),
    coalesce(current_setting('audit.reason', true), ''),
    NEW.action, NEW.person, NEW.place, NEW.row_id, NEW.columns);
  RETURN NEW;
END $$;
--;
CREATE TRIGGER audit_note INSTEAD OF INSERT ON audit_write FOR EACH ROW EXECUTE FUNCTION audit_note();
--;
-- Which transactions have something to chain; empty at all other times.
CREATE UNLOGGED TABLE audit_due (transaction xid8 PRIMARY KEY);
--;
-- References are checked as a transaction commits, and each check waits for whoever erases what it refers to. A chain that
-- came between them would hold the head meanwhile, and two transactions would wait in a circle. So what waits only leaves
-- a row behind, whose own turn comes when all that was due at the commit is done.
CREATE FUNCTION audit_wait() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit_due VALUES (pg_current_xact_id()) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--;
CREATE CONSTRAINT TRIGGER audit_waits AFTER INSERT ON audit_waiting DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_wait();
--;
-- Chains all that waits, once at the end of a transaction. The head is locked only here, as the last of its locks: so
-- entries stand in the order of their commits, nobody waits for a long transaction, and none waits in a circle.
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql
-- The planner takes the waiting rows for few; read one by one, a transaction of n changes would take n times n. A scan
-- that is forbidden but has to be seems dear enough to be compiled, which takes longer than all else.
SET enable_seqscan = off SET jit = off AS $$
DECLARE
  w audit_waiting;
  e audit_entry;
BEGIN
  SELECT seq, hash INTO STRICT e.seq, e.hash FROM audit_head FOR UPDATE;
  FOR w IN SELECT * FROM audit_waiting ORDER BY id LOOP
    e := (e.seq + 1, w.at, w.actor, w.via, w.reason, w.action, w.person, w.place, w.row_id, w.columns, e.hash, '');
    e.hash := encode(sha256(convert_to(concat_ws(chr(31), e.seq, e.at, e.actor, e.via, e.reason, e.action, e.person,
      e.place, e.row_id, e.columns, e.previous), 'UTF8')), 'hex');
    INSERT INTO audit_entry SELECT e.*;
  END LOOP;
  DELETE FROM audit_waiting;
  DELETE FROM audit_due WHERE transaction = NEW.transaction;
  UPDATE audit_head SET seq = e.seq, hash = e.hash;
  RETURN NULL;
END $$;
--;
CREATE CONSTRAINT TRIGGER audit_chained AFTER INSERT ON audit_due DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION audit_chain();
--;
CREATE FUNCTION audit_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'the audit log only grows'; END $$;
--;
CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_kept();
--;
CREATE TRIGGER audit_entry_kept_whole BEFORE TRUNCATE ON audit_entry FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
--;
-- Only the chain takes from what waits: it does so from within a trigger.
CREATE TRIGGER audit_waiting_kept BEFORE UPDATE OR DELETE ON audit_waiting FOR EACH ROW
  WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION audit_kept();
--;
CREATE TRIGGER audit_waiting_kept_whole BEFORE TRUNCATE ON audit_waiting FOR EACH STATEMENT EXECUTE FUNCTION audit_kept();
--;
-- Logs a change of any table; its arguments are the columns that hold the row's key and the person's pseudonym. A row
-- that goes over to another person, or gets another key, is logged as what it was and as what it is.
CREATE FUNCTION audit_row() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  whose text := coalesce(after, before) ->> TG_ARGV[1];
  row_id text := coalesce(after, before) ->> TG_ARGV[0];
  changed text := '';
BEGIN
  IF TG_OP = 'UPDATE' THEN
    SELECT coalesce(string_agg(key, ' ' ORDER BY key), '') INTO changed
      FROM jsonb_each(after) WHERE value IS DISTINCT FROM before -> key;
    IF changed = '' THEN RETURN NULL; END IF;
    IF (whose, row_id) IS DISTINCT FROM (before ->> TG_ARGV[1], before ->> TG_ARGV[0]) THEN
      INSERT INTO audit_write
        VALUES ('update', coalesce(before ->> TG_ARGV[1], ''), TG_TABLE_NAME, before ->> TG_ARGV[0], changed);
    END IF;
  END IF;
  INSERT INTO audit_write VALUES (lower(TG_OP), coalesce(whose, ''), TG_TABLE_NAME, row_id, changed);
  RETURN NULL;
END $$;
--;
-- Logs that a whole table is emptied, for each person who had rows there.
CREATE FUNCTION audit_emptied() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  EXECUTE format('INSERT INTO audit_write SELECT DISTINCT %L, coalesce(to_jsonb(t) ->> %L, %L), %L, %L, %L FROM %I AS t',
                 'truncate', TG_ARGV[1], '', TG_TABLE_NAME, '', '', TG_TABLE_NAME);
  RETURN NULL;
END $$;
