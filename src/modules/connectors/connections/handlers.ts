import { z } from 'zod'
import { requireUnused } from '#kernel/definition-locks'
import { cursors, pageOfFound } from '#kernel/paging'
import { versionsPage, withRestoreAdvice } from '#kernel/version-operations'
import { connectorErrors } from '../errors.ts'
import { refOf, versionOf } from './connection-store.ts'
import type { StoredConnection } from './connection-store.ts'
import type { Connection, ConnectionItem, Replacement } from './contract.ts'
import type { ConnectionHandlers, ConnectionParts } from './connection-parts.ts'
import { readingHandlers } from './reading-handlers.ts'

const names = cursors('connections.list', z.string())

export function connectionHandlers(parts: ConnectionParts): ConnectionHandlers {
  const { store, settings, versions } = parts
  const item = ({ secrets: _, ...stored }: StoredConnection): ConnectionItem => ({
    ...stored,
    settings: settings.show(stored.type, stored.settings),
  })
  const answer = async (workspace: string, stored: StoredConnection): Promise<Connection> => ({
    ...item(stored),
    usedBy: [...(await parts.referencesTo(workspace, refOf(stored)))],
  })
  const replace = async (workspace: string, name: string, body: Replacement): Promise<Connection> =>
    answer(
      workspace,
      await store.replace(workspace, name, body.version, (current) => {
        refuseOtherIdentity(current, body)
        return settings.seal({ workspace, name, type: current.type }, body.settings, current)
      }),
    )

  return {
    connectionList: async ({ workspace, query: { limit, cursor, type } }) => {
      const found = await store.list(workspace, { limit: limit + 1, after: names.read(cursor), type })
      return pageOfFound(names, found.map(item), { limit, placeOf: ({ name }) => name })
    },
    connectionCreate: async ({ workspace, body: { name, type, settings: given } }) => {
      const sealed = settings.seal({ workspace, name, type }, given)
      return answer(workspace, await store.create(workspace, { name, type, ...sealed }))
    },
    connectionGet: async ({ workspace, params }) => answer(workspace, await store.get(workspace, params.name)),
    connectionReplace: ({ workspace, params, body }) => replace(workspace, params.name, body),
    connectionRemove: ({ workspace, params: { name } }) =>
      store.remove(workspace, name, (session) =>
        requireUnused(parts.referencesTo, { session, workspace, ref: refOf({ name }) }, (by) =>
          connectorErrors.connection_used({ name, by }),
        ),
      ),
    ...readingHandlers(parts),
    connectionVersions: async ({ workspace, params, query }) => {
      const stored = await store.get(workspace, params.name)
      return await versionsPage(versions, { workspace, ref: refOf(stored), current: versionOf(stored) }, query)
    },
    connectionRestore: async ({ workspace, params, query }) => {
      const stored = await store.get(workspace, params.name)
      const earlier = await versions.get(workspace, refOf(stored), versionOf(stored), params.version)
      const { settings: before } = Earlier.parse(earlier)
      const body = { settings: before, version: query.current ?? stored.version }
      return await withRestoreAdvice({ kind: 'connection', version: params.version }, () =>
        replace(workspace, params.name, body),
      )
    },
  }
}

const Earlier = z.object({ settings: z.record(z.string(), z.unknown()) })

function refuseOtherIdentity(current: StoredConnection, given: Replacement): void {
  const problems = (['name', 'type'] as const).flatMap((field) =>
    given[field] === undefined || given[field] === current[field]
      ? []
      : [
          {
            at: field,
            code: 'fixed',
            message: `The ${field} of the connection is "${current[field]}" and cannot be changed; make another connection.`,
          },
        ],
  )
  if (problems.length > 0) throw connectorErrors.connection_fixed({ name: current.name }, { problems })
}
