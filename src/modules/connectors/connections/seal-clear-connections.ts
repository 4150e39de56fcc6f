/**
 * Seals secrets that lie in clear in stored connections and their earlier versions, because the connector did not
 * declare them when they were stored. Done once for each set of secrets that the connectors declare.
 */
import { z } from 'zod'
import type { DefinitionVersions } from '#kernel/definition-versions'
import type { Logger } from '#kernel/module'
import { once } from '#kernel/once'
import type { Metadata } from '#ports/metadata'
import { secretsFingerprint } from '#sdk'
import type { Catalogue } from '../catalogue.ts'
import type { ConnectionKey, ConnectionSettings, StoredSettings } from './connection-settings.ts'
import { locks, refOf } from './connection-store.ts'

export interface SealingParts {
  readonly metadata: Metadata
  readonly all: Catalogue
  readonly settings: ConnectionSettings
  readonly versions: DefinitionVersions
  readonly log: Logger
}

export async function sealClearConnections(parts: SealingParts): Promise<void> {
  const { metadata, all, log } = parts
  const declared = all
    .list()
    .flatMap(({ type, connection }) => (connection ? [[type, connection.settings] as const] : []))
  const step = `seal-connections-${secretsFingerprint(declared)}`
  let count = 0
  await once(metadata, { table: 'connectors.step', name: step }, async () => {
    const { rows } = await metadata.system.query<ConnectionKey>(
      'select workspace, name, type from connectors.connection',
    )
    for (const key of rows) if (await sealOne(parts, key)) count += 1
  })
  if (count > 0) log.info({ connections: count }, 'sealed secrets that lay in clear in connections')
}

/** The connection and its earlier versions change together; a step that was cut off finds the rest in clear. */
async function sealOne({ metadata, settings, versions }: SealingParts, key: ConnectionKey): Promise<boolean> {
  const { workspace, name } = key
  return await metadata.inWorkspace(workspace).transaction(async (session) => {
    const stored = await locks.lock<StoredSettings>(session, workspace, name, 'settings, secrets')
    if (stored === undefined) return false
    const sealed = settings.sealStored(key, stored)
    const isChanged = !sameText(sealed, stored)
    if (isChanged)
      await session.query(
        'update connectors.connection set settings = $3::json, secrets = $4::jsonb where workspace = $1 and name = $2',
        [workspace, name, JSON.stringify(sealed.settings), JSON.stringify(sealed.secrets)],
      )
    await versions.rewrite(session, workspace, refOf({ name }), (definition) => {
      const earlier = Definition.parse(definition)
      const { settings: shown } = settings.sealStored(key, { settings: earlier.settings, secrets: {} })
      return sameText(shown, earlier.settings) ? definition : { ...earlier, settings: shown }
    })
    return isChanged
  })
}

const Definition = z.looseObject({ settings: z.record(z.string(), z.unknown()) })

function sameText(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
