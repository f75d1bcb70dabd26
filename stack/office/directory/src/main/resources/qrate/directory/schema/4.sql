-- What owners of mailboxes have answered while they are away; times in milliseconds since 1970, 0: no bound.
CREATE TABLE IF NOT EXISTS vacations (
  domain VARCHAR(253) NOT NULL,
  box VARCHAR(64) NOT NULL,
  answers BOOLEAN NOT NULL,
  starts BIGINT NOT NULL,
  ends BIGINT NOT NULL,
  days INTEGER NOT NULL,
  subject VARCHAR(200) NOT NULL,
  answer VARCHAR(4000) NOT NULL,
  PRIMARY KEY (domain, box),
  FOREIGN KEY (domain, box) REFERENCES mailboxes (domain, box) ON DELETE CASCADE
);
