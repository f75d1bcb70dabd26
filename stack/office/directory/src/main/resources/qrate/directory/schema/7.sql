-- Mail of each domain, a row a day of UTC, for a month: what send counted from its ledger, and what the door refused.
-- door_run, door_count: what of the door's own count stands in refused already.
CREATE TABLE IF NOT EXISTS mail_days (
  domain VARCHAR(253) NOT NULL,
  epoch_day BIGINT NOT NULL,
  received BIGINT NOT NULL,
  received_bytes BIGINT NOT NULL,
  spam BIGINT NOT NULL,
  sent BIGINT NOT NULL,
  sent_bytes BIGINT NOT NULL,
  bounced BIGINT NOT NULL,
  refused BIGINT NOT NULL,
  door_run BIGINT NOT NULL,
  door_count BIGINT NOT NULL,
  PRIMARY KEY (domain, epoch_day),
  FOREIGN KEY (domain) REFERENCES domains (name) ON DELETE CASCADE
);
