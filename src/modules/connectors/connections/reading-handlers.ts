/** What reaches the server of a connection: test, streams, first rows. */
import { z } from 'zod'
import type { Actor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import { requirePermissions } from '#kernel/needed-permissions'
import { cursors, pageAfter } from '#kernel/paging'
import { defaultPermission, diagnosisOf } from '#sdk'
import { connectorErrors } from '../errors.ts'
import { streamNamed, streamsOf } from './connection-use.ts'
import type { ConnectionHandlers, ConnectionParts } from './connection-parts.ts'
import { previewRows } from './preview-rows.ts'

/** A server that does not answer is a diagnosis, not a request that hangs. */
const checkSeconds = 30

export function readingHandlers(
  parts: ConnectionParts,
): Pick<ConnectionHandlers, 'connectionCheck' | 'connectionStreams' | 'connectionPreview'> {
  const { all, store, settings } = parts
  /** The connection, its connector, and its settings as the connector takes them. */
  const opened = async (workspace: string, name: string) => {
    const stored = await store.get(workspace, name)
    const connector = all.get(stored.type)
    const key = { workspace, name, type: stored.type }
    return { connector, connection: settings.open(key, stored), filled: () => settings.filled(key, stored) }
  }
  const need = (actor: Actor, permission: string | undefined, what: string): void =>
    requirePermissions(actor, [{ permission: permission ?? defaultPermission, at: 'name', what }], parts.permissions)

  return {
    connectionCheck: async ({ actor, workspace, params, body, signal }) => {
      const stored = await store.get(workspace, params.name)
      const key = { workspace, name: params.name, type: stored.type }
      const tested = body.settings === undefined ? stored : settings.seal(key, body.settings, stored)
      const connection = settings.open(key, tested)
      const connector = all.get(stored.type)
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
      need(actor, connector.streams?.permission, `what "${connector.type}" lists`)
      const found = await streamsOf(all, connector.type, connection, await parts.around(actor, signal, 60))
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
      const stream = streamNamed(await streamsOf(all, type, connection, around), body.stream, params.name)
      const part = { type, config: { ...filled(), ...stream.config } }
      const { settings: whole, problems } = all.validate('source', part, 'stream')
      if (problems.length > 0) throw connectorErrors.settings({ type }, { problems })
      return await previewRows(await (await source.load()).read(whole, around, {}), around, body.limit)
    },
  }
}

function tooSlow(name: string) {
  return {
    kind: 'transient' as const,
    detail: `The server of the connection "${name}" did not answer within ${checkSeconds} seconds.`,
    remedy: 'Check the address and that the server is up, then test again.',
  }
}
