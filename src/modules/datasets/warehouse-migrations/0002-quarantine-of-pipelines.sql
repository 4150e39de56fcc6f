-- Rejected rows of a pipeline whose destination is no dataset.
ALTER TABLE {system}.quarantine ADD COLUMN IF NOT EXISTS pipeline String, ADD COLUMN IF NOT EXISTS stream String
