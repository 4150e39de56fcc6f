import { z } from 'zod'
import type { Actor } from '#core/actor'
import { describeObject } from '#core/object-ref'
import type { ObjectRef } from '#core/object-ref'
import { isMillraceError } from '#core/errors'
import type { Handlers } from '#kernel/contract'
import type { DefinitionVersions } from '#kernel/definition-versions'
import { nearest } from '#kernel/nearest'
import { requirePermissions } from '#kernel/needed-permissions'
import { cursors, pageAfter, pageOfFound } from '#kernel/paging'
import { versionsPage } from '#kernel/version-operations'
import { defaultPermission, diagnosisOf } from '#sdk'
import type { Connector, SourceStream, Surroundings } from '#sdk'
import type { Catalogue } from '../catalogue.ts'
import type { connectorsContract } from '../contract.ts'
import { connectorErrors } from '../errors.ts'
import type { ConnectionSettings } from './connection-settings.ts'
import { refOf, versionOf } from './connection-store.ts'
import type { ConnectionStore, StoredConnection } from './connection-store.ts'
import type { Connection, connectionOperations, Replacement } from './contract.ts'
import { previewRows } from './preview-rows.ts'

export interface ConnectionParts {
  readonly all: Catalogue
  readonly store: ConnectionStore
  readonly settings: ConnectionSettings
  readonly versions: DefinitionVersions
  readonly permissions: ReadonlyMap<string, string>
  readonly referencesTo: (workspace: string, subject: ObjectRef) => Promise<readonly ObjectRef[]>
  readonly around: (actor: Actor, signal: AbortSignal, seconds: number) => Promise<Surroundings>
}

type ConnectionHandlers = Pick<Handlers<typeof connectorsContract>, keyof typeof connectionOperations>

const names = cursors('connections.list', z.string())
/** A server that does not answer is a diagnosis, not a request that hangs. */
const checkSeconds = 30

export function connectionHandlers(parts: ConnectionParts): ConnectionHandlers {
  const { all, store, settings, versions } = parts
  const answer = ({ secrets: _, ...stored }: StoredConnection): Connection => ({
    ...stored,
    settings: settings.show(stored.type, stored.settings),
  })
  /** The connection, its connector, and its settings as the connector takes them. */
  const opened = async (workspace: string, name: string) => {
    const stored = await store.get(workspace, name)
    const connector = all.get(stored.type)
    const key = { workspace, name, type: stored.type }
    return { connector, connection: settings.open(key, stored), filled: () => settings.filled(key, stored) }
  }
  const replace = async (workspace: string, name: string, body: Replacement): Promise<Connection> =>
    answer(
      await store.replace(workspace, name, body.version, (current) => {
        refuseOtherIdentity(current, body)
        return settings.seal({ workspace, name, type: current.type }, body.settings, current)
      }),
    )
  const need = (actor: Actor, permission: string | undefined, what: string): void =>
    requirePermissions(actor, [{ permission: permission ?? defaultPermission, at: 'name', what }], parts.permissions)
  const streamsOf = async (actor: Actor, connector: Connector, connection: unknown, around: Surroundings) => {
    const { type, streams } = connector
    if (streams === undefined) throw connectorErrors.cannot({ type, what: 'list what can be read' })
    need(actor, streams.permission, `what "${type}" lists`)
    return await (await streams.load()).streams(connection, around)
  }

  return {
    connectionList: async ({ workspace, query: { limit, cursor, type } }) => {
      const found = await store.list(workspace, { limit: limit + 1, after: names.read(cursor), type })
      return pageOfFound(names, found.map(answer), { limit, placeOf: ({ name }) => name })
    },
    connectionCreate: async ({ workspace, body: { name, type, settings: given } }) => {
      const sealed = settings.seal({ workspace, name, type }, given)
      return answer(await store.create(workspace, { name, type, ...sealed }))
    },
    connectionGet: async ({ workspace, params }) => answer(await store.get(workspace, params.name)),
    connectionReplace: ({ workspace, params, body }) => replace(workspace, params.name, body),
    connectionRemove: async ({ workspace, params: { name } }) => {
      await store.get(workspace, name)
      const users = await parts.referencesTo(workspace, refOf({ name }))
      if (users.length > 0) throw connectorErrors.connection_used({ name, by: users.map(describeObject) })
      await store.remove(workspace, name)
    },
    connectionCheck: async ({ actor, workspace, params, signal }) => {
      const { connector, connection } = await opened(workspace, params.name)
      const code = await connector.connection!.load()
      const limit = AbortSignal.any([signal, AbortSignal.timeout(checkSeconds * 1000)])
      try {
        return { ok: true, summary: await code.check(connection, await parts.around(actor, limit, checkSeconds)) }
      } catch (error) {
        const diagnosis = limit.aborted && !signal.aborted ? tooSlow(params.name) : diagnosisOf(error)
        if (diagnosis === undefined) throw error
        return { ok: false, summary: isMillraceError(error) ? error.title : diagnosis.detail, diagnosis }
      }
    },
    connectionStreams: async ({ actor, workspace, params, query, signal }) => {
      const { connector, connection } = await opened(workspace, params.name)
      const found = await streamsOf(actor, connector, connection, await parts.around(actor, signal, 60))
      const items = found.map(({ name, columns = [], primaryKey, cursors: growing, modes }) => ({
        name,
        columns: [...columns],
        primaryKey: [...primaryKey],
        cursors: [...growing],
        modes: [...modes],
      }))
      const pages = cursors(`connections.streams:${params.name}`, z.string())
      return pageAfter(pages, items, { ...query, placeOf: ({ name }) => name })
    },
    connectionPreview: async ({ actor, workspace, params, body, signal }) => {
      const { connector, connection, filled } = await opened(workspace, params.name)
      const { type, source } = connector
      if (source === undefined) throw connectorErrors.cannot({ type, what: 'be read' })
      need(actor, source.permission, `the source "${type}"`)
      const around = await parts.around(actor, AbortSignal.any([signal, AbortSignal.timeout(60_000)]), 60)
      const stream = streamNamed(await streamsOf(actor, connector, connection, around), body.stream, params.name)
      const part = { type, config: { ...filled(), ...stream.config } }
      const { settings: whole, problems } = all.validate('source', part, 'stream')
      if (problems.length > 0) throw connectorErrors.settings({ type }, { problems })
      return await previewRows(await (await source.load()).read(whole, around, {}), around, body.limit)
    },
    connectionVersions: async ({ workspace, params, query }) => {
      const stored = await store.get(workspace, params.name)
      return await versionsPage(versions, { workspace, ref: refOf(stored), current: versionOf(stored) }, query)
    },
    connectionRestore: async ({ workspace, params }) => {
      const stored = await store.get(workspace, params.name)
      const earlier = await versions.get(workspace, refOf(stored), versionOf(stored), params.version)
      const { settings: before } = Earlier.parse(earlier)
      return await replace(workspace, params.name, { settings: before, version: stored.version })
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
  if (problems.length > 0) throw connectorErrors.settings({ type: current.type }, { problems })
}

export function streamNamed(streams: readonly SourceStream[], name: string, connection: string): SourceStream {
  const found = streams.find((stream) => stream.name === name) ?? streams.find(({ bareName }) => bareName === name)
  if (found !== undefined) return found
  const known = streams.map((stream) => stream.name)
  const suggestion = nearest(name, known)
  throw connectorErrors.no_stream(
    { name, connection },
    {
      problems: [
        {
          at: 'stream',
          code: 'unknown_stream',
          message: `There is no stream "${name}".${suggestion === undefined ? '' : ` Did you mean "${suggestion}"?`}`,
          ...(suggestion === undefined ? {} : { suggestion }),
        },
      ],
    },
  )
}

function tooSlow(name: string) {
  return {
    kind: 'transient' as const,
    detail: `The server of the connection "${name}" did not answer within ${checkSeconds} seconds.`,
    remedy: 'Check the address and that the server is up, then test again.',
  }
}
