CREATE TABLE audit_entry (
  seq INTEGER PRIMARY KEY,
  at TEXT NOT NULL, actor TEXT NOT NULL, via TEXT NOT NULL, reason TEXT NOT NULL,
  action TEXT NOT NULL, person TEXT NOT NULL, place TEXT NOT NULL, row_id TEXT NOT NULL, columns TEXT NOT NULL,
  previous TEXT NOT NULL, hash TEXT NOT NULL
);
--;
CREATE INDEX audit_entry_person ON audit_entry (person, seq);
--;
CREATE TABLE audit_head (id INTEGER PRIMARY KEY CHECK (id = 1), seq INTEGER NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL);
--;
INSERT INTO audit_head VALUES (1, 0, '', '');
--;
CREATE VIEW audit_write AS SELECT action, person, place, row_id, columns FROM audit_entry;
--;
CREATE TRIGGER audit_chain INSTEAD OF INSERT ON audit_write BEGIN
  -- The time is stored first: a function that stands twice in a statement may be asked twice.
  UPDATE audit_head SET seq = seq + 1, at = audit_now();
  INSERT INTO audit_entry
    SELECT seq, at, actor, via, reason, NEW.action, NEW.person, NEW.place, NEW.row_id, NEW.columns, hash,
           audit_hash(seq, at, actor, via, reason, NEW.action, NEW.person, NEW.place, NEW.row_id, NEW.columns, hash)
    FROM (SELECT seq, at, hash, coalesce(nullif(audit_actor(), ''), 'database') AS actor,
                 audit_via() AS via, audit_reason() AS reason
          FROM audit_head);
  UPDATE audit_head SET hash = (SELECT hash FROM audit_entry WHERE audit_entry.seq = audit_head.seq);
END;
--;
CREATE TRIGGER audit_entry_kept_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
--;
CREATE TRIGGER audit_entry_kept_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'the audit log only grows'); END;
