-- Passwords of single programs, made here. The password itself is nowhere: only its salted digest.
CREATE TABLE IF NOT EXISTS app_passwords (
  id VARCHAR(12) NOT NULL PRIMARY KEY,
  domain VARCHAR(253) NOT NULL,
  box VARCHAR(64) NOT NULL,
  label VARCHAR(100) NOT NULL,
  pop BOOLEAN NOT NULL,
  smtp BOOLEAN NOT NULL,
  salt VARCHAR(32) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  FOREIGN KEY (domain, box) REFERENCES mailboxes (domain, box) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS app_passwords_by_box ON app_passwords (domain, box);
-- Whether nothing but these opens POP3 and submission.
ALTER TABLE mailboxes ADD COLUMN IF NOT EXISTS app_only BOOLEAN DEFAULT FALSE NOT NULL;
-- What authenticator programs share with us, for the pages. step: of the newest code that was taken, so that none is taken twice.
CREATE TABLE IF NOT EXISTS second_factors (
  holder VARCHAR(320) NOT NULL PRIMARY KEY,
  secret VARCHAR(64) NOT NULL,
  created BIGINT NOT NULL,
  step BIGINT NOT NULL,
  failures INTEGER NOT NULL,
  failed_at BIGINT NOT NULL
);
-- What opens the pages once each without it. The code itself is nowhere: only its SHA-256.
CREATE TABLE IF NOT EXISTS recovery_codes (
  holder VARCHAR(320) NOT NULL,
  digest VARCHAR(64) NOT NULL,
  PRIMARY KEY (holder, digest),
  FOREIGN KEY (holder) REFERENCES second_factors (holder) ON DELETE CASCADE
);
-- Where owners have signed in from lately, a row for each place. app: of an app password; empty: by the mailbox's own.
CREATE TABLE IF NOT EXISTS logins (
  holder VARCHAR(320) NOT NULL,
  door VARCHAR(10) NOT NULL,
  remote VARCHAR(64) NOT NULL,
  app VARCHAR(12) NOT NULL,
  used_at BIGINT NOT NULL,
  PRIMARY KEY (holder, door, remote, app)
);
