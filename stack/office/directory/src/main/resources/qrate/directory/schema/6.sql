-- Keys of authenticators, for the pages. digest: SHA-256 of the key's id; asked_at: of the newest question that was answered, so that none is
-- answered twice. A holder without an authenticator program has an empty secret in second_factors.
CREATE TABLE IF NOT EXISTS passkeys (
  digest VARCHAR(64) NOT NULL PRIMARY KEY,
  holder VARCHAR(320) NOT NULL,
  label VARCHAR(100) NOT NULL,
  site VARCHAR(253) NOT NULL,
  credential VARCHAR(1400) NOT NULL,
  handle VARCHAR(64) NOT NULL,
  public_key VARCHAR(1000) NOT NULL,
  counter BIGINT NOT NULL,
  asked_at BIGINT NOT NULL,
  created BIGINT NOT NULL,
  used_at BIGINT NOT NULL,
  FOREIGN KEY (holder) REFERENCES second_factors (holder) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS passkeys_by_holder ON passkeys (holder);
-- What an owner is called, and whether he must choose another password at the pages.
ALTER TABLE mailboxes ADD COLUMN IF NOT EXISTS display_name VARCHAR(100) DEFAULT '' NOT NULL;
ALTER TABLE mailboxes ADD COLUMN IF NOT EXISTS must_change BOOLEAN DEFAULT FALSE NOT NULL;
-- When a place was seen first; 0: before that was noted.
ALTER TABLE logins ADD COLUMN IF NOT EXISTS first_at BIGINT DEFAULT 0 NOT NULL;
CREATE INDEX IF NOT EXISTS logins_by_first ON logins (first_at);
