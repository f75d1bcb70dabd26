-- Who is signed in to the pages. The secret in the cookie is nowhere: only its SHA-256.
CREATE TABLE IF NOT EXISTS sessions (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  holder VARCHAR(320) NOT NULL,
  remote VARCHAR(64) NOT NULL,
  browser VARCHAR(200) NOT NULL,
  created BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT NOT NULL
);
CREATE INDEX IF NOT EXISTS sessions_by_holder ON sessions (holder);
-- When an administrator last signed in; 0: never since this is noted.
ALTER TABLE administrators ADD COLUMN IF NOT EXISTS signed_in BIGINT DEFAULT 0 NOT NULL;
-- By which door something was done, from where, and what came of it; empty: done.
ALTER TABLE audit ADD COLUMN IF NOT EXISTS door VARCHAR(20) DEFAULT '' NOT NULL;
ALTER TABLE audit ADD COLUMN IF NOT EXISTS remote VARCHAR(64) DEFAULT '' NOT NULL;
ALTER TABLE audit ADD COLUMN IF NOT EXISTS problem VARCHAR(300) DEFAULT '' NOT NULL;
