import { defineFailures, missingDatasetSentence } from '#sdk'

export const datasetErrors = defineFailures('dataset', {
  unknown: {
    kind: 'invalid',
    failure: 'not_found',
    title: 'Dataset not found',
    says: (p: { dataset: string }) => missingDatasetSentence(p.dataset),
    remedy: 'List the datasets with GET /api/v1/datasets.',
  },
  kind: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Dataset of another kind',
    says: (p: { dataset: string; kind: string; mode: string }) =>
      `"${p.dataset}" is of the kind "${p.kind}", which does not support the mode "${p.mode}".`,
    remedy: 'Append to or overwrite "events"; merge into or overwrite a "table"; or name another dataset.',
  },
  missing: {
    kind: 'invalid',
    failure: 'schema',
    title: 'Column missing',
    says: (p: { dataset: string; column: string }) =>
      `"${p.dataset}" needs a value in "${p.column}", but the pipeline does not supply this column.`,
    remedy: 'Supply the column, for instance with a map step ("compute" or "rename").',
  },
  key: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Key missing',
    says: (p: { dataset: string; mode: string }) =>
      `"${p.dataset}" does not exist yet. To ${p.mode} rows, Millrace needs the columns of their key.`,
    remedy: 'Name them in "key" of the destination.',
  },
  stranger: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Key is not a column',
    says: (p: { dataset: string; column: string }) =>
      `The key of "${p.dataset}" names "${p.column}", but the pipeline does not supply this column.`,
    remedy: 'Correct "key" of the destination, or supply the column with a map step ("compute" or "rename").',
  },
  twice: {
    kind: 'invalid',
    failure: 'schema',
    title: 'Column comes twice',
    says: (p: { dataset: string; column: string }) =>
      `The pipeline supplies the column "${p.column}" more than once, and "${p.dataset}" can have it only once.`,
    remedy: 'Give one of them another name, such as with "AS" in SQL.',
  },
  other_key: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Dataset with another key',
    says: (p: { dataset: string; own: string; given: string }) =>
      `The key of "${p.dataset}" is ${p.own}, but "key" of the destination is ${p.given}.`,
    remedy: 'Leave out "key", set it to the key of the dataset, or name another dataset.',
  },
  keyless: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Dataset without a key',
    says: (p: { dataset: string }) =>
      `"${p.dataset}" is of the kind "events", which has no key, but "key" of the destination is set.`,
    remedy: 'Leave out "key" to replace all rows of the dataset, or name a dataset of the kind "table".',
  },
  name: {
    kind: 'invalid',
    failure: 'schema',
    title: 'Column name cannot be used',
    says: (p: { dataset: string; column: string }) => `"${p.dataset}" cannot have a column named "${p.column}".`,
    remedy: 'Give it another name with a map step ("rename"), or leave it out ("drop").',
  },
})
