/** What is asked about the definitions of datasets and their versions. */
import { DatasetSpec } from '#core/dataset'
import type { Handlers } from '#kernel/contract'
import { requireCurrentVersion, type DefinitionVersions } from '#kernel/definition-versions'
import { cursors, pageAfter } from '#kernel/paging'
import { versionsPage } from '#kernel/version-operations'
import { z } from 'zod'
import { datasetRef, versionOf } from './catalogue.ts'
import { changedColumns } from './changes.ts'
import type { datasetsContract } from './contract.ts'
import { datasetItems } from './dataset-items.ts'
import type { Dataset } from './index.ts'
import type { OpenDatasets } from './open-datasets.ts'

const datasetNames = cursors('datasets.list', z.string())

type DefinitionHandlers = Pick<
  Handlers<typeof datasetsContract>,
  'list' | 'create' | 'get' | 'change' | 'remove' | 'versions' | 'restore'
>

export function definitionHandlers(datasets: OpenDatasets, versions: DefinitionVersions): DefinitionHandlers {
  const { face } = datasets
  const { items, only } = datasetItems(datasets)
  return {
    async list({ workspace, query, actor }) {
      const all = (await face.list(workspace)).filter(
        (dataset) => query.kind === undefined || dataset.kind === query.kind,
      )
      const page = pageAfter(datasetNames, all, { ...query, placeOf: ({ name }) => name })
      return { items: await items(await face.readerOf(actor), page.items), next: page.next }
    },
    async create({ workspace, body, actor }) {
      return await only(actor, await face.create(workspace, checkedKey(body), { kind: 'declared', name: actor.name }))
    },
    async get({ workspace, params, actor }) {
      return await only(actor, await face.get(workspace, params.name))
    },
    async change({ workspace, params, body, actor }) {
      const dataset = await face.get(workspace, params.name)
      const after = await datasets.change(dataset, (now) => {
        requireCurrentVersion(datasetRef(now.name), { given: body.version, current: now.version })
        return [...changedColumns(now, checkedKey(body))]
      })
      return await only(actor, after)
    },
    async remove({ workspace, params }) {
      await face.remove(workspace, params.name)
    },
    async versions({ workspace, params, query }) {
      const dataset = await face.get(workspace, params.name)
      const current = versionOf(dataset)
      return await versionsPage(versions, { workspace, ref: datasetRef(dataset.name), current }, query)
    },
    /** Tags come back. A version without columns that were added since is refused: their rows would be lost. */
    async restore({ workspace, params, query, actor }) {
      const dataset = await face.get(workspace, params.name)
      const requireCurrent = ({ name, version }: Dataset) =>
        requireCurrentVersion(datasetRef(name), { given: query.current, current: version })
      requireCurrent(dataset)
      const kept = await versions.get(workspace, datasetRef(dataset.name), versionOf(dataset), params.version)
      const after = await datasets.change(dataset, (now) => {
        requireCurrent(now)
        return [...changedColumns(now, checkedKey(DatasetSpec.parse(kept)))]
      })
      return await only(actor, after)
    },
  }
}

/** Key columns always have a value, whatever the definition says. */
function checkedKey(spec: DatasetSpec): DatasetSpec {
  if (spec.kind !== 'table') return spec
  return {
    ...spec,
    columns: spec.columns.map((column) =>
      (spec.key ?? []).includes(column.name) ? { ...column, nullable: false } : column,
    ),
  }
}
