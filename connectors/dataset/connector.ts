import { z } from 'zod'
import { defineConnector, loadModeSetting, Name, reservedDatasets } from '#sdk'

export default defineConnector({
  type: 'dataset',
  title: 'Dataset',
  category: 'millrace',
  about: 'A dataset of this workspace: rows in the warehouse, ready for metrics and questions.',
  proven: 'the warehouse of this Millrace',
  streams: { permission: 'datasets.read', load: () => import('./source.ts') },
  source: {
    permission: 'datasets.read',
    settings: z.strictObject({ dataset: Name.meta({ title: 'Dataset', description: 'The dataset to read.' }) }),
    reads: 'engine',
    modes: ['full'],
    inside: { dataset: 'dataset' },
    load: () => import('./source.ts'),
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
          'Columns that tell rows apart, for a dataset that is made by merge or overwrite; without it, overwrite makes one of events. An existing dataset of events cannot be overwritten with a key, and append does not look at it.',
      }),
    }),
    continuous: true,
    inside: { dataset: 'dataset' },
    defaultsMode: true,
    replaces: ({ mode }) => mode === 'overwrite',
    delivery: 'exactly once',
    because: 'The warehouse takes a block of rows once per id, however often it comes.',
    load: () => import('./destination.ts'),
  },
})
