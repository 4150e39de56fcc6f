CREATE TABLE IF NOT EXISTS {system}.quarantine
(
  dataset String,
  id String,
  at DateTime64(3, 'UTC'),
  source String,
  reason String,
  problems String,
  row String,
  replayed Bool
)
ENGINE = ReplacingMergeTree
ORDER BY (dataset, id)
