-- A token ends at some time, may less than its holder, and says when it was last used; 0: not yet said, never.
ALTER TABLE tokens ADD COLUMN reach VARCHAR(20) DEFAULT 'ROLE' NOT NULL;
ALTER TABLE tokens ADD COLUMN expires_at BIGINT DEFAULT 0 NOT NULL;
ALTER TABLE tokens ADD COLUMN used_at BIGINT DEFAULT 0 NOT NULL;
CREATE INDEX tokens_by_holder ON tokens (holder);
CREATE INDEX domains_by_real_name ON domains (alias_of);
