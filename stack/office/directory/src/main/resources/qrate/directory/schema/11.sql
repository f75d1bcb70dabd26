-- Whose days the owner speaks of who is away: a zone's name; empty for UTC.
ALTER TABLE vacations ADD COLUMN IF NOT EXISTS zone VARCHAR(64) DEFAULT '' NOT NULL;
