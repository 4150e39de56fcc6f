/**
 * Seals secrets that lie in clear in stored pipelines, because the version that wrote them, or an earlier version of a
 * connector, did not know them to be secrets. Done once for each set of secrets that the connectors declare.
 */
import { PipelineSpec } from '#core/pipeline'
import type { DefinitionVersions } from '#kernel/definition-versions'
import type { Logger } from '#kernel/module'
import { once } from '#kernel/once'
import type { Connectors } from '#modules/connectors'
import type { Metadata } from '#ports/metadata'
import { secretsFingerprint } from '#sdk'
import { sealSecrets, sides } from './secrets.ts'
import type { Sealed, SecretBox } from './secrets.ts'

export interface SealingParts {
  readonly metadata: Metadata
  readonly connectors: Connectors
  readonly versions: DefinitionVersions
  readonly log: Logger
  readonly box: (workspace: string, id: string) => SecretBox
}

interface Stored {
  readonly workspace: string
  readonly id: string
}

export async function sealClearSecrets(parts: SealingParts): Promise<void> {
  const { metadata, log } = parts
  const step = `seal-secrets-${secretsFingerprint(settingsOf(parts.connectors))}`
  let count = 0
  await once(metadata, { table: 'pipelines.step', name: step }, async () => {
    const { rows } = await metadata.system.query<Stored>('select workspace, id from pipelines.definition')
    for (const stored of rows) if (await sealOne(parts, stored)) count += 1
  })
  if (count > 0) log.info({ pipelines: count }, 'sealed secrets that lay in clear in pipelines')
}

/** The definition and its earlier versions change together; a step that was cut off finds the rest in clear. */
async function sealOne({ metadata, connectors, versions, box }: SealingParts, stored: Stored): Promise<boolean> {
  const { workspace, id } = stored
  return await metadata.inWorkspace(workspace).transaction(async (session) => {
    const { rows } = await session.query<{ body: unknown; secrets: Sealed }>(
      'select body, secrets from pipelines.definition where workspace = $1 and id = $2 for update',
      [workspace, id],
    )
    if (rows[0] === undefined) return false
    const stored = PipelineSpec.parse(rows[0].body)
    const upgraded = withUpgrades(stored, connectors)
    const { spec, sealed } = sealSecrets(upgraded, connectors, box(workspace, id))
    const isChanged = upgraded !== stored || Object.keys(sealed).length > 0
    if (isChanged)
      await session.query(
        'update pipelines.definition set body = $3::json, secrets = $4::jsonb where workspace = $1 and id = $2',
        [workspace, id, JSON.stringify(spec), JSON.stringify({ ...rows[0].secrets, ...sealed })],
      )
    await versions.rewrite(session, workspace, { kind: 'pipeline', id }, (definition) => {
      const before = PipelineSpec.parse(definition)
      const after = withUpgrades(before, connectors)
      const earlier = sealSecrets(after, connectors, box(workspace, id))
      return after !== before || Object.keys(earlier.sealed).length > 0 ? earlier.spec : definition
    })
    return isChanged
  })
}

/** The same object where no connector writes its settings otherwise today. */
function withUpgrades(spec: PipelineSpec, connectors: Connectors): PipelineSpec {
  return sides.reduce((changed, side) => {
    const { type, config } = spec[side]
    const upgraded = connectors.upgrade(type, config)
    return upgraded === config ? changed : { ...changed, [side]: { ...spec[side], config: upgraded } }
  }, spec)
}

function settingsOf(connectors: Connectors) {
  return connectors.list().flatMap(({ type }) =>
    sides.flatMap((side) => {
      const settings = connectors.settings(side, type)
      return settings === undefined ? [] : [[`${type} ${side}`, settings] as const]
    }),
  )
}
