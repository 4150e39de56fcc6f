import type { ObjectRef } from '#core/object-ref'
import { definitionLocks } from '#kernel/definition-locks'
import { requireCurrentVersion, type DefinitionVersions, type KeptVersion } from '#kernel/definition-versions'
import type { Emit } from '#kernel/events'
import { mapUniqueViolation } from '#ports/metadata'
import type { Metadata, SqlSession } from '#ports/metadata'
import { connectorErrors } from '../errors.ts'
import type { Connectors } from '../index.ts'
import type { StoredSettings } from './connection-settings.ts'
import { connectionEvents } from './events.ts'

export interface StoredConnection extends StoredSettings {
  readonly name: string
  readonly type: string
  readonly version: number
  readonly createdAt: string
  readonly updatedAt: string
}

export interface ConnectionStore {
  list(
    workspace: string,
    page: { readonly limit: number; readonly after: string | undefined; readonly type: string | undefined },
  ): Promise<readonly StoredConnection[]>
  find(workspace: string, name: string): Promise<StoredConnection | undefined>
  /** Rejects with `connectors.no_connection`. */
  get(workspace: string, name: string): Promise<StoredConnection>
  create(workspace: string, made: Pick<StoredConnection, 'name' | 'type'> & StoredSettings): Promise<StoredConnection>
  /** `change` sees the connection as it is; another change waits. Rejects when it has another version than `given`. */
  replace(
    workspace: string,
    name: string,
    given: number | undefined,
    change: (current: StoredConnection) => StoredSettings,
  ): Promise<StoredConnection>
  /** `refuseUsed` runs while nothing can begin to use the connection. It rejects when something uses it already. */
  remove(workspace: string, name: string, refuseUsed: (session: SqlSession) => Promise<void>): Promise<void>
  readonly hold: Connectors['holdConnections']
}

interface Row {
  readonly name: string
  readonly type: string
  readonly settings: Record<string, unknown>
  readonly secrets: Record<string, string>
  readonly version: number
  readonly created_at: Date
  readonly updated_at: Date
}

export const locks = definitionLocks('connectors.connection')

const columns = 'name, type, settings, secrets, version, created_at, updated_at'

export function connectionStore(metadata: Metadata, versions: DefinitionVersions, emit: Emit): ConnectionStore {
  const changed = (
    session: SqlSession,
    { name, type, version }: StoredConnection,
    change: 'created' | 'changed' | 'deleted',
  ) =>
    emit(session, connectionEvents.connectionChanged, {
      subject: { kind: 'connection', id: name, name },
      payload: { name, type, change, version },
    })
  const find = async (workspace: string, name: string): Promise<StoredConnection | undefined> => {
    const { rows } = await metadata
      .inWorkspace(workspace)
      .query<Row>(`select ${columns} from connectors.connection where workspace = $1 and name = $2`, [workspace, name])
    return rows[0] && storedOf(rows[0])
  }
  return {
    list: async (workspace, { limit, after, type }) => {
      const { rows } = await metadata.inWorkspace(workspace).query<Row>(
        `select ${columns} from connectors.connection
         where workspace = $1 and ($2::text is null or name > $2) and ($3::text is null or type = $3)
         order by name limit $4`,
        [workspace, after ?? null, type ?? null, limit],
      )
      return rows.map(storedOf)
    },
    find,
    get: async (workspace, name) => {
      const found = await find(workspace, name)
      if (found === undefined) throw connectorErrors.no_connection({ name })
      return found
    },
    create: (workspace, { name, type, settings, secrets }) =>
      mapUniqueViolation(
        (cause) => connectorErrors.connection_taken({ name }, { cause }),
        () =>
          metadata.inWorkspace(workspace).transaction(async (session) => {
            const { rows } = await session.query<Row>(
              `insert into connectors.connection (workspace, name, type, settings, secrets)
               values ($1, $2, $3, $4::json, $5::jsonb) returning ${columns}`,
              [workspace, name, type, JSON.stringify(settings), JSON.stringify(secrets)],
            )
            const made = storedOf(rows[0] as Row)
            await versions.keep(session, { workspace, ref: refOf(made), made: versionOf(made) })
            await changed(session, made, 'created')
            return made
          }),
      ),
    replace: (workspace, name, given, change) =>
      metadata.inWorkspace(workspace).transaction(async (session) => {
        const former = await lock(session, workspace, name)
        requireCurrentVersion(refOf(former), { given, current: former.version })
        const { settings, secrets } = change(former)
        const { rows } = await session.query<Row>(
          `update connectors.connection set settings = $3::json, secrets = $4::jsonb, version = version + 1, updated_at = now()
           where workspace = $1 and name = $2 returning ${columns}`,
          [workspace, name, JSON.stringify(settings), JSON.stringify(secrets)],
        )
        const made = storedOf(rows[0] as Row)
        await versions.keep(session, { workspace, ref: refOf(made), made: versionOf(made), former: versionOf(former) })
        await changed(session, made, 'changed')
        return made
      }),
    remove: (workspace, name, refuseUsed) =>
      metadata.inWorkspace(workspace).transaction(async (session) => {
        const former = await lock(session, workspace, name)
        await refuseUsed(session)
        await session.query('delete from connectors.connection where workspace = $1 and name = $2', [workspace, name])
        await versions.forget(session, workspace, refOf(former))
        await changed(session, former, 'deleted')
      }),
    hold: locks.hold,
  }
}

async function lock(session: SqlSession, workspace: string, name: string): Promise<StoredConnection> {
  const row = await locks.lock<Row>(session, workspace, name, columns)
  if (row === undefined) throw connectorErrors.no_connection({ name })
  return storedOf(row)
}

export function refOf({ name }: Pick<StoredConnection, 'name'>): ObjectRef {
  return { kind: 'connection', id: name, name }
}

export function versionOf({ name, type, settings, version, updatedAt }: StoredConnection): KeptVersion {
  return { version, definition: { name, type, settings }, at: updatedAt }
}

function storedOf({ created_at, updated_at, ...row }: Row): StoredConnection {
  return { ...row, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() }
}
