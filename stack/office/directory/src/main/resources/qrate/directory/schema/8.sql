-- What domains say in their own words, and this system where a domain says nothing: an empty domain. The row "language",
-- without one itself, says what the domain's people read.
CREATE TABLE IF NOT EXISTS texts (
  domain VARCHAR(253) NOT NULL,
  name VARCHAR(40) NOT NULL,
  lang VARCHAR(20) NOT NULL,
  said VARCHAR(8000) NOT NULL,
  PRIMARY KEY (domain, name, lang)
);
-- What a mailbox's owner reads; empty where nobody said.
ALTER TABLE mailboxes ADD COLUMN IF NOT EXISTS lang VARCHAR(20) DEFAULT '' NOT NULL;
