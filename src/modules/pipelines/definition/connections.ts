/** The connections that the ends of a pipeline name: looked up before the pipeline is validated. */
import type { Actor } from '#core/actor'
import { isMillraceError } from '#core/errors'
import type { Problem } from '#core/errors'
import type { PipelineSpec } from '#core/pipeline'
import { requirePermissions } from '#kernel/needed-permissions'
import type { Connectors } from '#modules/connectors'
import type { Reader } from '#modules/datasets'
import type { SqlSession } from '#ports/metadata'
import { sides } from './secrets.ts'
import type { Side } from './secrets.ts'

/** The settings of connections, secrets included, by the side that uses them. */
export type ConnectionSettings = Partial<Record<Side, Readonly<Record<string, unknown>>>>

export interface Connected {
  /** With the connector of each connection as `type`, and the settings of its stream in `config`. */
  readonly body: unknown
  readonly connections: ConnectionSettings
  readonly problems: readonly Problem[]
}

export interface ConnectionLookup {
  readonly connectors: Connectors
  readonly permissions: ReadonlyMap<string, string>
  readonly readerOf: (actor: Actor) => Promise<Reader>
}

/** Rejects when the actor may not use a connector: nothing is asked of its server then. */
export async function withConnections(body: unknown, actor: Actor, lookup: ConnectionLookup): Promise<Connected> {
  if (!isRecord(body)) return { body, connections: {}, problems: [] }
  const filled: Record<string, unknown> = { ...body }
  const connections: ConnectionSettings = {}
  const problems: Problem[] = []
  for (const side of sides) {
    const given = body[side]
    if (!isRecord(given)) continue
    const { connection: name, streams, type } = given
    if (side === 'source' && streams !== undefined) problems.push(...streamProblems(name, streams))
    if (typeof name !== 'string') continue
    const found = await lookup.connectors.connection(actor.workspace, name)
    if (found === undefined) {
      problems.push(unknownConnection(side, name))
      continue
    }
    if (type !== undefined && type !== '' && type !== found.type)
      problems.push({
        at: `${side}.type`,
        code: 'other_type',
        message: `The connection "${name}" is of the type "${found.type}". Leave "type" out.`,
      })
    requirePermissions(actor, [lookup.connectors.needed(side, found.type)], lookup.permissions)
    connections[side] = found.settings
    filled[side] = { ...given, type: found.type }
  }
  const stream = problems.length === 0 ? streamOf(filled['source']) : undefined
  if (stream !== undefined) problems.push(...(await chooseStream(filled, stream, actor, lookup)))
  return { body: filled, connections, problems }
}

/** In the transaction that stores the pipeline: a connection may have been deleted since it was looked up. */
export async function holdConnections(
  spec: PipelineSpec,
  { session, workspace, connectors }: { session: SqlSession; workspace: string; connectors: Connectors },
): Promise<readonly Problem[]> {
  const used = sides.flatMap((side) => {
    const { connection: name } = spec[side]
    return name === undefined ? [] : [{ side, name }]
  })
  if (used.length === 0) return []
  const names = used.map(({ name }) => name)
  const held = await connectors.holdConnections(session, workspace, names)
  return used.filter(({ name }) => !held.has(name)).map(({ side, name }) => unknownConnection(side, name))
}

function unknownConnection(side: Side, name: string): Problem {
  if (name === '') return { at: `${side}.connection`, code: 'missing', message: 'Choose a connection.' }
  const message = `There is no connection "${name}" in this workspace.`
  return { at: `${side}.connection`, code: 'unknown_connection', message }
}

/** For a run: the connections as they are now. */
export async function connectionsOf(
  spec: PipelineSpec,
  workspace: string,
  connectors: Connectors,
): Promise<Omit<Connected, 'body'>> {
  const connections: ConnectionSettings = {}
  for (const side of sides) {
    const { connection: name } = spec[side]
    if (name === undefined) continue
    const found = await connectors.connection(workspace, name)
    const message = `The connection "${name}" is not there any more.`
    if (found === undefined)
      return { connections, problems: [{ at: `${side}.connection`, code: 'unknown_connection', message }] }
    connections[side] = found.settings
  }
  return { connections, problems: [] }
}

/** The settings that read the stream, and where its rows go when the destination does not say. */
async function chooseStream(
  filled: Record<string, unknown>,
  { connection, name }: { readonly connection: string; readonly name: string },
  actor: Actor,
  { connectors, readerOf }: ConnectionLookup,
): Promise<readonly Problem[]> {
  try {
    const signal = AbortSignal.timeout(listSeconds * 1000)
    const config = await connectors.streamConfig(await readerOf(actor), connection, name, signal)
    filled['source'] = { ...(filled['source'] as object), config }
  } catch (error) {
    if (!isMillraceError(error)) throw error
    const { code, message, problems } = error
    return [
      {
        ...problems[0],
        at: 'source.streams[0].name',
        code: problems[0]?.code ?? code,
        message: problems[0]?.message ?? message,
      },
    ]
  }
  const destination = filled['destination']
  if (!isRecord(destination)) return []
  const inside = connectors.find(String(destination['type']))?.destination?.inside
  const given = destination['config'] ?? {}
  if (inside !== undefined && isRecord(given) && given[inside.dataset] === undefined)
    filled['destination'] = { ...destination, config: { ...given, [inside.dataset]: name } }
  return []
}

const listSeconds = 30

function streamOf(source: unknown): { connection: string; name: string } | undefined {
  if (!isRecord(source) || !Array.isArray(source['streams'])) return undefined
  const [stream] = source['streams'] as readonly unknown[]
  const name = isRecord(stream) ? stream['name'] : undefined
  return typeof name === 'string' && typeof source['connection'] === 'string'
    ? { connection: source['connection'], name }
    : undefined
}

/** What later versions bring is refused with a sentence that says so. */
function streamProblems(connection: unknown, streams: unknown): readonly Problem[] {
  const at = 'source.streams'
  if (connection === undefined)
    return [{ at, code: 'no_connection', message: 'Streams belong to a connection. Name it in "connection".' }]
  if (streams === '*' || (Array.isArray(streams) && streams.length > 1))
    return [{ at, code: 'not_yet', message: 'A pipeline reads exactly one stream; a later version reads several.' }]
  const [stream] = Array.isArray(streams) ? (streams as readonly unknown[]) : []
  if (!isRecord(stream)) return []
  return Object.keys(stream)
    .filter((field) => laterFields.has(field))
    .map((field) => ({
      at: `${at}[0].${field}`,
      code: 'not_yet',
      message: `A stream is read as a whole; a later version takes "${field}".`,
    }))
}

const laterFields: ReadonlySet<string> = new Set(['mode', 'cursor', 'key', 'columns', 'to'])

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
