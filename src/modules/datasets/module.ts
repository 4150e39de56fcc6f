import { defineModule } from '#kernel/module'
import { datasetsContract } from './contract.ts'
import { datasetErrors } from './errors.ts'
import { definitionHandlers } from './definition-handlers.ts'
import { datasetEvents } from './index.ts'
import { openDatasets } from './open-datasets.ts'
import { datasetPackKind } from './pack-kind.ts'
import { rowHandlers } from './row-handlers.ts'

export default defineModule({
  name: 'datasets',
  about: 'Named rows with typed columns, and where they are kept.',
  permissions: {
    'datasets.read': 'See datasets, their columns and their rows.',
    'datasets.write': 'Make, change and remove datasets, and replay rejected rows.',
  },
  contract: datasetsContract,
  errors: datasetErrors,
  migrations: new URL('./migrations/', import.meta.url),
  warehouseMigrations: new URL('./warehouse-migrations/', import.meta.url),
  events: datasetEvents,
  async start({ ports, log, stopping, warehouseMigrations, emit, versions, referencesTo }) {
    const datasets = openDatasets({ ports, warehouseMigrations, emit, versions, referencesTo })
    const settling = datasets.openAll(stopping, (dataset, error) =>
      log.error({ error, workspace: dataset.workspace, dataset: dataset.name }, 'a dataset could not be opened'),
    )
    let opened = false
    settling.then(
      () => (opened = true),
      (error: unknown) => log.error({ error }, 'the datasets could not be listed'),
    )
    return {
      face: datasets.face,
      handlers: { ...definitionHandlers(datasets, versions), ...rowHandlers(datasets) },
      packKinds: [datasetPackKind(datasets.face)],
      ready: async () => (opened ? { ok: true } : { ok: false, detail: 'opening the datasets' }),
      stop: async () => {
        await settling.catch(() => undefined)
      },
    }
  },
})
