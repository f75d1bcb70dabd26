-- Mailboxes that were removed, with which they can be brought back for some days. kept: the number of their files; 0 of what is not kept.
-- said: their properties as REST says them. returns: it is a mailbox again, and its files are to follow.
CREATE TABLE IF NOT EXISTS deleted_mailboxes (
  kept BIGINT NOT NULL PRIMARY KEY,
  domain VARCHAR(253) NOT NULL,
  box VARCHAR(64) NOT NULL,
  hash VARCHAR(200) NOT NULL,
  created BIGINT NOT NULL,
  deleted BIGINT NOT NULL,
  said VARCHAR(4000) NOT NULL,
  returns BOOLEAN DEFAULT FALSE NOT NULL
);
CREATE INDEX IF NOT EXISTS deleted_mailboxes_by_domain ON deleted_mailboxes (domain, deleted);
ALTER TABLE removals ADD COLUMN IF NOT EXISTS kept BIGINT DEFAULT 0 NOT NULL;
