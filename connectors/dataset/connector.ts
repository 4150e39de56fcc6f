import { z } from 'zod'
import { defineConnector, engineType, loadModeSetting, Name, reservedDatasets } from '#sdk'
import { fitDataset, writeDataset } from './destination.ts'
import { datasetErrors } from './errors.ts'

export default defineConnector({
  type: 'dataset',
  title: 'Dataset',
  category: 'millrace',
  about: 'A dataset of this workspace: rows in the warehouse, ready for metrics and questions.',
  proven: 'the warehouse of this Millrace',
  source: {
    permission: 'datasets.read',
    settings: z.strictObject({ dataset: Name.meta({ title: 'Dataset', description: 'The dataset to read.' }) }),
    read: async ({ dataset: name }, around) => {
      const dataset = await around.datasets.readable(name)
      if (dataset === undefined) throw datasetErrors.unknown({ dataset: name })
      return {
        by: 'engine',
        from: dataset.from,
        columns: dataset.columns.map((column) => ({
          name: column.name,
          type: column.nullable ? `Nullable(${engineType(column.type)})` : engineType(column.type),
          ...(column.type === 'json' ? { holds: column.type } : {}),
        })),
      }
    },
    check: async ({ dataset: name }, around) => {
      const dataset = await around.datasets.find(name)
      if (dataset === undefined) throw datasetErrors.unknown({ dataset: name })
      return `"${name}" has ${dataset.columns.length} columns.`
    },
  },
  discovery: {
    permission: 'datasets.read',
    settings: z.strictObject({}),
    list: async (_settings, around) => {
      const all = await around.datasets.list()
      return all.map((dataset) => ({
        name: dataset.name,
        config: { dataset: dataset.name },
        columns: dataset.columns.map(({ name, type, nullable }) => ({ name, type, nullable })),
      }))
    },
  },
  destination: {
    permission: 'datasets.write',
    settings: z.strictObject({
      dataset: Name.refine((name) => !reservedDatasets.has(name), {
        error: 'is the name of a view that Millrace keeps; choose another name',
      }).meta({ title: 'Dataset', description: 'The dataset to fill; created when it does not exist.' }),
      mode: loadModeSetting,
      key: z.array(z.string().min(1)).min(1).optional().meta({
        title: 'Key',
        description:
          'Columns that tell rows apart, for a dataset that is made by merge or overwrite; without it, overwrite makes one of events.',
      }),
    }),
    continuous: true,
    defaultsMode: true,
    fit: fitDataset,
    replaces: ({ mode }) => mode === 'overwrite',
    delivery: 'exactly once',
    because: 'The warehouse takes a block of rows once per id, however often it comes.',
    open: writeDataset,
    check: async ({ dataset: name }, around) => {
      const dataset = await around.datasets.find(name)
      return dataset === undefined ? `"${name}" will be made.` : `"${name}" is there, of the kind "${dataset.kind}".`
    },
  },
})
