-- A million lines of the audit log. place: the number of a line in its room, above 0 of what was done, below 0 of what was refused, so that
-- the oldest of a room are found without counting it. about: the address, domain or file that a line is about; empty where it is about none.
ALTER TABLE audit ADD COLUMN IF NOT EXISTS place BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE audit ADD COLUMN IF NOT EXISTS about VARCHAR(320) DEFAULT '' NOT NULL;
UPDATE audit SET place = CASE WHEN problem = '' THEN id ELSE -id END;
CREATE INDEX IF NOT EXISTS audit_by_place ON audit (place);
CREATE INDEX IF NOT EXISTS audit_by_who ON audit (who, id);
CREATE INDEX IF NOT EXISTS audit_by_about ON audit (about, id);
