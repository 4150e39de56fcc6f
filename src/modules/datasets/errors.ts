import { defineErrors } from '#core/errors'
import { missingDatasetSentence } from '#core/missing-dataset'

export const datasetErrors = defineErrors('datasets', {
  unknown: {
    kind: 'not_found',
    title: 'Dataset not found',
    says: (p: { name: string }) => missingDatasetSentence(p.name),
    remedy: 'List the datasets with GET /api/v1/datasets.',
  },
  taken: {
    kind: 'conflict',
    title: 'Name taken',
    says: (p: { name: string }) => `There is a dataset "${p.name}" already.`,
    remedy: 'Choose another name, or change the dataset with PUT /api/v1/datasets/{name}.',
  },
  removing: {
    kind: 'conflict',
    title: 'Dataset being deleted',
    says: (p: { name: string }) => `The dataset "${p.name}" is being deleted.`,
    remedy:
      'Try again in a few seconds. If it is still there then, delete it again with DELETE /api/v1/datasets/{name}.',
  },
  no_place: {
    kind: 'conflict',
    title: 'Workspace without a database',
    says: (p: { workspace: string }) =>
      `The workspace "${p.workspace}" has no database: its name is that of another workspace's system database.`,
    remedy: 'Use a workspace with another id.',
  },
  reserved: {
    kind: 'conflict',
    title: 'Name reserved',
    says: (p: { name: string }) => `"${p.name}" is the name of a view that Millrace keeps.`,
    remedy: 'Choose another name for the dataset.',
  },
  in_use: {
    kind: 'conflict',
    title: 'Dataset in use',
    says: (p: { name: string; by: readonly string[] }) => `The dataset "${p.name}" is used by ${p.by.join(', ')}.`,
    remedy: 'Remove or change what uses it first.',
  },
  loses_data: {
    kind: 'conflict',
    title: 'The change would lose data',
    says: (p: { name: string }) => `The dataset "${p.name}" cannot be changed like this without losing rows or values.`,
    remedy: 'Keep what is there and add columns, or make a dataset with another name.',
  },
  not_events: {
    kind: 'conflict',
    title: 'Not a stream',
    says: (p: { name: string }) =>
      `The dataset "${p.name}" is a table; only datasets of the kind "events" take events.`,
    remedy: 'Load it with a pipeline, or send the events to a stream with another name.',
  },
  not_table: {
    kind: 'conflict',
    title: 'Not a table',
    says: (p: { name: string }) => `The dataset "${p.name}" has no key, so rows cannot be merged into it.`,
    remedy: 'Append to it, overwrite it, or load into a dataset of the kind "table".',
  },
  not_loaded: {
    kind: 'invalid',
    title: 'Rows do not fit the dataset',
    says: (p: { name: string; reason: string }) => `The rows do not fit the dataset "${p.name}": ${p.reason}.`,
    remedy: "Let the rows have the dataset's columns and types, and a value in every key column.",
  },
  bad_cursor: {
    kind: 'invalid',
    title: 'Cursor not understood',
    says: (p: { cursor: string }) => `The cursor "${p.cursor}" is not one that this list has given out.`,
    remedy: 'Start again without a cursor.',
  },
  bad_sort: {
    kind: 'invalid',
    title: 'Sort column not known',
    says: (p: { name: string; column: string }) => `The dataset "${p.name}" has no column "${p.column}" to sort by.`,
    remedy: 'Name one of its columns in "sort".',
  },
  bad_filter: {
    kind: 'invalid',
    title: 'Filter not valid',
    says: (p: { name: string }) => `The filter does not fit the dataset "${p.name}".`,
    remedy: 'Correct the places named in problems.',
  },
  restricted: {
    kind: 'forbidden',
    title: 'Rejected rows not shown',
    says: (p: { name: string }) =>
      `You may see only some rows or masked values of the dataset "${p.name}", so its rejected rows are not shown to you.`,
    remedy: 'Ask somebody who may see all of its rows.',
  },
  not_replayed: {
    kind: 'invalid',
    title: 'Rows still do not fit',
    says: (p: { name: string; reason: string }) => `None of the rows was taken into "${p.name}": ${p.reason}.`,
    remedy: 'Correct the rows and send them again; they are still in quarantine.',
  },
  unknown_rejects: {
    kind: 'not_found',
    title: 'Rejected rows not found',
    says: (p: { name: string; ids: readonly string[] }) =>
      `These ids are not in the quarantine of "${p.name}": "${p.ids.join('", "')}".`,
    remedy: 'List them with GET /api/v1/datasets/{name}/quarantine.',
  },
})
