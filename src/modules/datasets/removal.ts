/**
 * Deletes datasets. The definition is hidden first, in a transaction that asks what uses it; then the rows go, and the
 * definition last. What a crash or a failure leaves is ended at the next start or by the next call.
 */
import { definitionLocks, requireUnused, type ReferencesTo } from '#kernel/definition-locks'
import type { DefinitionVersions } from '#kernel/definition-versions'
import type { Emit } from '#kernel/events'
import type { Metadata } from '#ports/metadata'
import { datasetOf, datasetRef, fields, type Catalogue, type DatasetRow } from './catalogue.ts'
import { datasetErrors } from './errors.ts'
import { datasetEvents, type Dataset } from './index.ts'

export interface RemovalParts {
  readonly metadata: Metadata
  readonly emit: Emit
  readonly versions: DefinitionVersions
  readonly definitions: Catalogue
  readonly referencesTo: ReferencesTo
  /** Deletes the rows and what was kept beside them; may be called again. */
  readonly deleteRows: (dataset: Dataset) => Promise<void>
}

export interface Removals {
  /** Rejects with `datasets.in_use` while something uses the dataset. */
  remove(workspace: string, name: string): Promise<void>
  /** Deletes the definition alone, of a dataset whose rows have no place. */
  undoMade(dataset: Dataset): Promise<void>
  /** Ends the removals that were begun and not ended. */
  endAll(failed: (dataset: Dataset, error: unknown) => void): Promise<void>
}

const locks = definitionLocks('datasets.dataset')

export function datasetRemovals({
  metadata,
  emit,
  versions,
  definitions,
  referencesTo,
  deleteRows,
}: RemovalParts): Removals {
  const begin = async (workspace: string, name: string): Promise<Dataset> => {
    const dataset = await metadata.inWorkspace(workspace).transaction(async (session) => {
      const row = await locks.lock<DatasetRow>(session, workspace, name, fields)
      if (row === undefined) throw datasetErrors.unknown({ name })
      if (row.removing_since !== null) return datasetOf(row)
      await requireUnused(referencesTo, { session, workspace, ref: datasetRef(name) }, (by) =>
        datasetErrors.in_use({ name, by }),
      )
      await session.query('update datasets.dataset set removing_since = now() where workspace = $1 and name = $2', [
        workspace,
        name,
      ])
      return datasetOf(row)
    })
    definitions.forget(workspace, name)
    return dataset
  }
  /** Another server may have ended the removal, and a new dataset have the name: that one is not removing. */
  const deleteDefinition = async ({ workspace, name }: Dataset, isRemoving: boolean): Promise<void> => {
    await metadata.inWorkspace(workspace).transaction(async (session) => {
      const { rows } = await session.query<{ version: number }>(
        'delete from datasets.dataset where workspace = $1 and name = $2 and (removing_since is not null) = $3 returning version',
        [workspace, name, isRemoving],
      )
      if (rows[0] === undefined) return
      await session.query('delete from datasets.load where workspace = $1 and dataset = $2', [workspace, name])
      await versions.forget(session, workspace, datasetRef(name))
      const payload = { name, change: 'removed', version: rows[0].version } as const
      await emit(session, datasetEvents.changed, { subject: datasetRef(name), payload })
    })
    definitions.forget(workspace, name)
  }
  const running = new Map<string, Promise<void>>()
  /** Two calls for one dataset share the work: the later one must not delete what was made under the name since. */
  const end = async (dataset: Dataset): Promise<void> => {
    const key = `${dataset.workspace}/${dataset.name}`
    const work =
      running.get(key) ??
      deleteRows(dataset)
        .then(() => deleteDefinition(dataset, true))
        .finally(() => running.delete(key))
    running.set(key, work)
    await work
  }

  return {
    remove: async (workspace, name) => await end(await begin(workspace, name)),
    undoMade: (dataset) => deleteDefinition(dataset, false),
    async endAll(failed) {
      const { rows } = await metadata.system.query<DatasetRow>(
        `select ${fields} from datasets.dataset where removing_since is not null order by workspace, name`,
      )
      for (const row of rows) {
        const dataset = datasetOf(row)
        await end(dataset).catch((error: unknown) => failed(dataset, error))
      }
    },
  }
}
