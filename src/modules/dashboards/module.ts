import { z } from 'zod'
import type { Problem } from '#core/errors'
import { withSuggestion } from '#core/nearest'
import type { Call } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import { cursors, pageOfFound } from '#kernel/paging'
import { versionsPage } from '#kernel/version-operations'
import { requirePermissions } from '#kernel/needed-permissions'
import { check } from '#kernel/problems'
import { live } from '#modules/live'
import { metrics } from '#modules/metrics'
import type { Metrics } from '#modules/metrics'
import { dashboardsContract } from './contract.ts'
import { DashboardDefinition } from './definition.ts'
import { dashboardErrors } from './errors.ts'
import type { Dashboards } from './index.ts'
import { dashboardPackKind } from './pack-kind.ts'
import { dashboardStore } from './store.ts'
import { watched } from './watched.ts'

const dashboardNames = cursors('dashboards.list', z.string())

const metricUse = { what: 'the metric of a tile', permission: 'metrics.read' }

export default defineModule({
  name: 'dashboards',
  about: 'Metrics side by side, live.',
  needs: { live, metrics },
  permissions: {
    'dashboards.read': 'See dashboards; their numbers need "metrics.read" too.',
    'dashboards.write': 'Make, change and delete dashboards.',
  },
  definitionUses: [metricUse],
  contract: dashboardsContract,
  errors: dashboardErrors,
  migrations: new URL('./migrations/', import.meta.url),
  sockets: {
    dashboard: {
      path: '/ws/dashboard/{id}',
      permission: 'dashboards.read',
      alsoNeeds: ['metrics.read'],
      summary: 'All numbers of a dashboard as they change.',
    },
  },
  async start({ needs, ports, permissions, versions }) {
    const store = dashboardStore(ports.metadata, versions)
    const checked = async (workspace: string, definition: DashboardDefinition): Promise<DashboardDefinition> => {
      const problems = unknownMetrics(definition, await codesOf(needs.metrics, workspace))
      if (problems.length > 0) throw dashboardErrors.invalid({ name: definition.name }, { problems })
      return definition
    }
    const permitted = async (
      { actor, workspace }: Pick<Call, 'actor' | 'workspace'>,
      definition: DashboardDefinition,
    ): Promise<DashboardDefinition> => {
      const needed = definition.tiles.map(({ metric }, index) => ({
        permission: metricUse.permission,
        at: `tiles[${index}].metric`,
        what: `a tile of the metric "${metric}"`,
      }))
      requirePermissions(actor, needed, permissions)
      return await checked(workspace, definition)
    }
    const face: Dashboards = {
      named: async (workspace, name) => {
        const found = await store.find(workspace, name)
        return found?.name === name ? found : undefined
      },
      create: async (workspace, given) => {
        const { value, problems } = check(DashboardDefinition, given)
        if (problems.length > 0)
          throw dashboardErrors.invalid({ name: String((given as { name?: unknown } | null)?.name) }, { problems })
        return await store.create(workspace, await checked(workspace, value as DashboardDefinition))
      },
    }
    return {
      face,
      packKinds: [dashboardPackKind(face)],
      handlers: {
        list: async ({ workspace, query }) => {
          const after = dashboardNames.read(query.cursor)
          const found = await store.list(workspace, { limit: query.limit + 1, after })
          return pageOfFound(dashboardNames, found, { limit: query.limit, placeOf: ({ name }) => name })
        },
        create: async (call) => await store.create(call.workspace, await permitted(call, call.body)),
        get: async ({ workspace, params }) => await store.get(workspace, params.id),
        replace: async (call) => {
          const { id: _, version, createdAt: __, updatedAt: ___, ...definition } = call.body
          return await store.replace(call.workspace, call.params.id, await permitted(call, definition), version)
        },
        remove: async ({ workspace, params }) => await store.remove(workspace, params.id),
        versions: async ({ workspace, params, query }) =>
          await versionsPage(versions, { workspace, ...(await store.current(workspace, params.id)) }, query),
        restore: async (call) => {
          const { workspace, params, query } = call
          const { ref, current } = await store.current(workspace, params.id)
          const earlier = DashboardDefinition.parse(await versions.get(workspace, ref, current, params.version))
          return await store.replace(workspace, params.id, await permitted(call, earlier), query.current)
        },
      },
      sockets: {
        dashboard: (call) =>
          needs.live.serve(call, async () => {
            const id = call.params['id'] ?? ''
            const wish = needs.live.readWish(call.query, id)
            const series = watched(
              await store.get(call.workspace, id),
              wish,
              await codesOf(needs.metrics, call.workspace),
            )
            if (series.length === 0) throw dashboardErrors.empty({ id })
            return { series, resume: wish.resume }
          }),
      },
    }
  },
})

async function codesOf(source: Metrics, workspace: string): Promise<ReadonlySet<string>> {
  return new Set((await source.list(workspace)).map(({ code }) => code))
}

function unknownMetrics({ tiles }: DashboardDefinition, codes: ReadonlySet<string>): Problem[] {
  return tiles.flatMap(({ metric }, index) => {
    if (codes.has(metric)) return []
    return [
      {
        at: `tiles[${index}].metric`,
        code: 'unknown_metric',
        ...withSuggestion(
          `There is no metric "${metric}".`,
          metric,
          codes,
          'Choose another metric for the tile, or remove the tile.',
        ),
      },
    ]
  })
}
