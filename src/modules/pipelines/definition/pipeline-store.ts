/** Pipelines as they are written down: the body as given, its secrets sealed beside it. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { principalOf } from '#core/actor'
import type { Actor, Principal } from '#core/actor'
import type { Problem } from '#core/errors'
import { PipelineSpec } from '#core/pipeline'
import type { ObjectRef } from '#core/object-ref'
import { isUuid } from '#core/uuid'
import { requireCurrentVersion, type DefinitionVersions, type KeptVersion } from '#kernel/definition-versions'
import { kernelErrors } from '#kernel/errors'
import { requirePermissions } from '#kernel/needed-permissions'
import { cursors, pageOfFound, type PageQuestion } from '#kernel/paging'
import type { Connectors } from '#modules/connectors'
import type { Datasets } from '#modules/datasets'
import { mapUniqueViolation } from '#ports/metadata'
import type { Metadata, SqlSession } from '#ports/metadata'
import { neededPermissions } from './definition-permissions.ts'
import { pipelineErrors } from '../errors.ts'
import { iso } from '../runs/run-store.ts'
import { holdConnections, withConnections } from './connections.ts'
import { existingSource, holdSource, type SourceDataset } from './source-dataset.ts'
import { circleProblems } from './stream-circle.ts'
import { sealSecrets } from './secrets.ts'
import type { Earlier, Sealed } from './secrets.ts'
import { secretBoxes, storedValidation, validateWithSecrets } from './stored-validation.ts'
import type { StoredValidation } from './stored-validation.ts'

const pipelineNames = cursors('pipelines.list', z.string())

export interface StoredPipeline {
  readonly id: string
  readonly spec: PipelineSpec
  readonly sealed: Sealed
  /** Who saved it last; it runs with their rights. */
  readonly owner: Principal
  readonly version: number
  readonly status: 'active' | 'paused'
  readonly createdAt: string
  readonly updatedAt: string
}

export interface PipelineStore extends StoredValidation {
  list(
    workspace: string,
    page: PageQuestion & { name?: string | undefined },
  ): Promise<{ items: readonly StoredPipeline[]; next: string | null }>
  find(workspace: string, id: string): Promise<StoredPipeline | undefined>
  get(workspace: string, id: string): Promise<StoredPipeline>
  named(workspace: string, name: string): Promise<StoredPipeline | undefined>
  /** Each rejects with `kernel.forbidden` when the actor lacks a permission for what the pipeline uses. */
  create(actor: Actor, body: unknown): Promise<StoredPipeline>
  replace(actor: Actor, id: string, body: unknown): Promise<StoredPipeline>
  /** Those with a schedule that are not paused, of every workspace, for the start of the server. */
  listScheduled(): Promise<readonly { workspace: string; pipeline: StoredPipeline }[]>
  /** The pipelines that read this dataset, or that load it right now. */
  usersOf(
    workspace: string,
    dataset: string,
    session: SqlSession,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>
  /** The pipelines that read or load through this connection. */
  usersOfConnection(
    workspace: string,
    connection: string,
    session: SqlSession,
  ): Promise<readonly { readonly id: string; readonly name: string }[]>
  setStatus(workspace: string, id: string, status: 'active' | 'paused'): Promise<StoredPipeline>
  remove(workspace: string, id: string): Promise<void>
}

interface Row {
  readonly id: string
  readonly body: unknown
  readonly secrets: Sealed
  readonly owner: Principal
  readonly version: number
  readonly status: 'active' | 'paused'
  readonly created_at: string | Date
  readonly updated_at: string | Date
}

export interface PipelineStoreParts {
  readonly metadata: Metadata
  readonly connectors: Connectors
  readonly datasets: Pick<Datasets, 'find' | 'hold' | 'readerOf'>
  readonly permissions: ReadonlyMap<string, string>
  readonly versions: DefinitionVersions
}

export function pipelineStore({
  metadata,
  connectors,
  datasets,
  permissions,
  versions,
}: PipelineStoreParts): PipelineStore {
  const sql = (workspace: string) => metadata.inWorkspace(workspace)
  const box = secretBoxes(connectors)
  const reads = pipelineReads(metadata)
  const { get } = reads
  const lookup = { connectors, permissions, readerOf: datasets.readerOf }

  const checked = async (actor: Actor, id: string, body: unknown, earlier?: Earlier) => {
    const own = box(actor.workspace, id)
    const connected = await withConnections(body, actor, lookup)
    const { pipeline, problems } = validateWithSecrets(connected, connectors, earlier && { ...earlier, box: own })
    if (pipeline === undefined) throw invalid(nameOf(body), problems)
    requirePermissions(actor, neededPermissions(pipeline, connectors), permissions)
    const read = await existingSource(pipeline.spec, { workspace: actor.workspace, connectors, datasets })
    return { ...sealSecrets(pipeline.spec, connectors, own), read }
  }
  const save = savePipeline({ metadata, connectors, datasets })

  return {
    ...reads,
    create: async (actor, body) => {
      const { workspace } = actor
      const id = randomUUID()
      const { spec, sealed, read } = await checked(actor, id, body)
      return await save(workspace, { id, spec, read }, async (session) => {
        const { rows } = await session.query<Row>(
          `insert into pipelines.definition (workspace, id, name, body, secrets, status, owner) values ($1, $2, $3, $4::json, $5::jsonb, $6, $7::jsonb) returning *`,
          [
            workspace,
            id,
            spec.name,
            JSON.stringify(spec),
            JSON.stringify(sealed),
            spec.type === 'streaming' ? 'paused' : 'active',
            JSON.stringify(principalOf(actor)),
          ],
        )
        const stored = storedOf(rows[0] as Row)
        await versions.keep(session, { workspace, ref: refOf(stored), made: versionOf(stored) })
        return stored
      })
    },
    replace: async (actor, id, body) => {
      const { workspace } = actor
      const earlier = await get(workspace, id)
      const given = versionIn(body)
      requireCurrentVersion(refOf(earlier), { given, current: earlier.version })
      const { spec, sealed, read } = await checked(actor, id, asDefined(body), earlier)
      return await save(workspace, { id, spec, read }, async (session) => {
        const { rows } = await session.query<Row>(
          `update pipelines.definition set name = $3, body = $4::json, secrets = $5::jsonb, version = version + 1, updated_at = now(), status = $6, owner = $7::jsonb
          where workspace = $1 and id = $2 and ($8::integer is null or version = $8) returning *`,
          [
            workspace,
            id,
            spec.name,
            JSON.stringify(spec),
            JSON.stringify(sealed),
            spec.type === earlier.spec.type ? earlier.status : spec.type === 'streaming' ? 'paused' : 'active',
            JSON.stringify(principalOf(actor)),
            given ?? null,
          ],
        )
        if (rows[0] === undefined) throw await replacedMeanwhile(session, id, given)
        const stored = storedOf(rows[0])
        const former = versionOf(earlier)
        await versions.keep(session, { workspace, ref: refOf(stored), made: versionOf(stored), former })
        return stored
      })
    },
    setStatus: async (workspace, id, status) => {
      await get(workspace, id)
      const { rows } = await sql(workspace).query<Row>(
        'update pipelines.definition set status = $3 where workspace = $1 and id = $2 returning *',
        [workspace, id, status],
      )
      return storedOf(rows[0] as Row)
    },
    remove: async (workspace, id) => {
      await sql(workspace).transaction(async (session) => {
        await session.query('delete from pipelines.definition where workspace = $1 and id = $2', [workspace, id])
        await versions.forget(session, workspace, { kind: 'pipeline', id })
      })
    },
    ...storedValidation(lookup, metadata, get),
  }
}

function savePipeline({
  metadata,
  connectors,
  datasets,
}: Pick<PipelineStoreParts, 'metadata' | 'connectors' | 'datasets'>) {
  return (
    workspace: string,
    { id, spec, read }: { id: string; spec: PipelineSpec; read: SourceDataset | undefined },
    write: (session: SqlSession) => Promise<StoredPipeline>,
  ): Promise<StoredPipeline> =>
    mapUniqueViolation(nameTaken(spec.name), () =>
      metadata.inWorkspace(workspace).transaction(async (session) => {
        const problems = [
          ...(await holdConnections(spec, { session, workspace, connectors })),
          ...(await holdSource(read, { session, workspace, datasets })),
          ...(await circleProblems(spec, id, { session, workspace, connectors })),
        ]
        if (problems.length > 0) throw invalid(spec.name, problems)
        return await write(session)
      }),
    )
}

type ReadOperation = 'find' | 'get' | 'list' | 'named' | 'listScheduled' | 'usersOf' | 'usersOfConnection'

function pipelineReads(metadata: Metadata): Pick<PipelineStore, ReadOperation> {
  const sql = (workspace: string) => metadata.inWorkspace(workspace)
  const find = async (workspace: string, id: string): Promise<StoredPipeline | undefined> => {
    if (!isUuid(id)) return undefined
    const { rows } = await sql(workspace).query<Row>(
      'select * from pipelines.definition where workspace = $1 and id = $2',
      [workspace, id],
    )
    return rows[0] && storedOf(rows[0])
  }
  const get = async (workspace: string, id: string): Promise<StoredPipeline> => {
    const stored = await find(workspace, id)
    if (stored === undefined) throw pipelineErrors.unknown({ id })
    return stored
  }

  return {
    find,
    get,
    list: async (workspace, { limit, cursor, name }) => {
      const { rows } = await sql(workspace).query<Row>(
        `select * from pipelines.definition where workspace = $1 and ($2::text is null or name > $2) and ($3::text is null or name = $3) order by name limit $4`,
        [workspace, pipelineNames.read(cursor) ?? null, name ?? null, limit + 1],
      )
      return pageOfFound(pipelineNames, rows.map(storedOf), { limit, placeOf: ({ spec }) => spec.name })
    },
    named: async (workspace, name) => {
      const { rows } = await sql(workspace).query<Row>(
        'select * from pipelines.definition where workspace = $1 and name = $2',
        [workspace, name],
      )
      return rows[0] && storedOf(rows[0])
    },
    listScheduled: async () => {
      const { rows } = await metadata.system.query<Row & { workspace: string }>(
        `select * from pipelines.definition where status = 'active' and body->'schedule' is not null`,
      )
      return rows.map((row) => ({ workspace: row.workspace, pipeline: storedOf(row) }))
    },
    usersOfConnection: async (workspace, connection, session) => {
      const { rows } = await session.query<{ id: string; name: string }>(
        `select id, name from pipelines.definition where workspace = $1
           and (body->'source'->>'connection' = $2 or body->'destination'->>'connection' = $2) order by name limit 20`,
        [workspace, connection],
      )
      return rows
    },
    usersOf: async (workspace, dataset, session) => {
      const { rows } = await session.query<{ id: string; name: string }>(
        `select id, name from pipelines.definition d where workspace = $1 and (
           body->'source'->'config'->>'stream' = $2 and body->'source'->>'type' = 'stream'
           or body->'source'->'config'->>'dataset' = $2 and body->'source'->>'type' = 'dataset'
           or body->'destination'->'config'->>'dataset' = $2 and body->'destination'->>'type' = 'dataset' and exists (
             select 1 from pipelines.run r where r.workspace = $1 and r.pipeline_id = d.id and r.status in ('queued', 'running'))
         ) order by name limit 20`,
        [workspace, dataset],
      )
      return rows
    },
  }
}

export function refOf({ id, spec }: StoredPipeline): ObjectRef {
  return { kind: 'pipeline', id, name: spec.name }
}

export function versionOf({ version, spec, updatedAt }: StoredPipeline): KeptVersion {
  return { version, definition: spec, at: updatedAt }
}

/** Another change, or its removal, came between reading the pipeline and writing it. */
async function replacedMeanwhile(session: SqlSession, id: string, given: number | undefined): Promise<Error> {
  const { rows } = await session.query<Row>('select * from pipelines.definition where id = $1', [id])
  if (rows[0] === undefined) return pipelineErrors.unknown({ id })
  const { spec, version } = storedOf(rows[0])
  return kernelErrors.staleVersion({ kind: 'pipeline', name: spec.name, given: given ?? version, current: version })
}

/** The version of the answer that was changed and sent back. */
function versionIn(body: unknown): number | undefined {
  const version = typeof body === 'object' && body !== null ? (body as { version?: unknown }).version : undefined
  return Number.isSafeInteger(version) ? Number(version) : undefined
}

function storedOf(row: Row): StoredPipeline {
  return {
    id: row.id,
    spec: PipelineSpec.parse(row.body),
    sealed: row.secrets,
    owner: row.owner,
    version: row.version,
    status: row.status,
    createdAt: iso(row.created_at) ?? '',
    updatedAt: iso(row.updated_at) ?? '',
  }
}

const answered: ReadonlySet<string> = new Set([
  'id',
  'version',
  'status',
  'createdAt',
  'updatedAt',
  'lastRun',
  'nextRunAt',
])

/** What a GET answered may be changed and sent back: what Millrace adds to a definition is put aside. */
function asDefined(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return body
  return Object.fromEntries(Object.entries(body).filter(([name]) => !answered.has(name)))
}

function nameOf(body: unknown): string {
  const name = typeof body === 'object' && body !== null ? (body as { name?: unknown }).name : undefined
  return typeof name === 'string' ? name.slice(0, 200) : ''
}

function invalid(name: string, problems: readonly Problem[]): Error {
  return pipelineErrors.invalid({ name, count: problems.length }, { problems })
}

function nameTaken(name: string): (cause: Error) => Error {
  return (cause) => pipelineErrors.taken({ name }, { cause })
}
