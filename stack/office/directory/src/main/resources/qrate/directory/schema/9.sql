-- Where whoever has forgotten a password is sent a link that sets another; empty for nowhere.
ALTER TABLE mailboxes ADD COLUMN IF NOT EXISTS recovery VARCHAR(320) DEFAULT '' NOT NULL;
ALTER TABLE administrators ADD COLUMN IF NOT EXISTS recovery VARCHAR(320) DEFAULT '' NOT NULL;
-- Who asked for such a link, whether there is an account of that name or not, and whose link was used. The link itself is nowhere: only the
-- SHA-256 of its secret, empty until it is made. waits: for its mail to be handed to the queue.
CREATE TABLE IF NOT EXISTS password_resets (
  holder VARCHAR(320) NOT NULL,
  used BOOLEAN NOT NULL,
  waits BOOLEAN NOT NULL,
  digest VARCHAR(64) NOT NULL,
  lang VARCHAR(20) NOT NULL,
  remote VARCHAR(64) NOT NULL,
  happened BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (holder, used)
);
CREATE INDEX IF NOT EXISTS password_resets_by_digest ON password_resets (digest);
