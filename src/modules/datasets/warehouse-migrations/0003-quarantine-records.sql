-- The columns of a rejected row as JSON, where the row itself is other text.
ALTER TABLE {system}.quarantine ADD COLUMN IF NOT EXISTS record String
