import { defineErrors } from '#sdk'

export const datasetErrors = defineErrors('dataset', {
  unknown: {
    kind: 'invalid',
    title: 'Dataset not found',
    says: (p: { dataset: string }) => `There is no dataset "${p.dataset}" in this workspace.`,
    remedy: 'List the datasets with GET /api/v1/datasets.',
  },
  kind: {
    kind: 'invalid',
    title: 'Dataset of another kind',
    says: (p: { dataset: string; kind: string; mode: string }) =>
      `"${p.dataset}" is of the kind "${p.kind}", which cannot take rows by "${p.mode}".`,
    remedy: 'Append to or overwrite "events"; merge into or overwrite a "table"; or name another dataset.',
  },
  missing: {
    kind: 'invalid',
    title: 'Column missing',
    says: (p: { dataset: string; column: string }) =>
      `"${p.dataset}" needs a value in "${p.column}", and the pipeline does not bring this column.`,
    remedy: 'Bring the column, for instance with a map step ("compute" or "rename").',
  },
  key: {
    kind: 'invalid',
    title: 'Key missing',
    says: (p: { dataset: string; mode: string }) =>
      `"${p.dataset}" is not there yet, and to ${p.mode} rows Millrace must know the columns that tell them apart.`,
    remedy: 'Name them in "key" of the destination.',
  },
  stranger: {
    kind: 'invalid',
    title: 'Key is not a column',
    says: (p: { dataset: string; column: string }) =>
      `The key of "${p.dataset}" names "${p.column}", and the pipeline does not bring this column.`,
    remedy: 'Correct "key" of the destination, or bring the column with a map step ("compute" or "rename").',
  },
  name: {
    kind: 'invalid',
    title: 'Column name not usable',
    says: (p: { dataset: string; column: string }) => `"${p.dataset}" cannot have a column named "${p.column}".`,
    remedy: 'Give it another name with a map step ("rename"), or leave it out ("drop").',
  },
})
