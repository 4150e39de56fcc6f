/** Lets pipelines of other workspaces keep the files they named when all workspaces shared one folder. */
import type { Connectors } from '#modules/connectors'
import type { Metadata } from '#ports/metadata'

const sides = ['source', 'destination'] as const

interface End {
  readonly workspace: string
  readonly id: string
  readonly side: (typeof sides)[number]
  readonly path: string
}

export async function carryPipelineFiles(metadata: Metadata, connectors: Connectors): Promise<void> {
  const { rows: ends } = await metadata.system.query<End>(
    sides
      .map(
        (side) => `select workspace, id, '${side}' as side, body->'${side}'->'config'->>'path' as path
          from pipelines.definition
          where workspace <> 'default' and body->'${side}'->>'type' = 'file' and body->'${side}'->'config'->>'path' is not null`,
      )
      .join(' union all '),
  )
  await connectors.carrySharedFiles(ends, async ({ workspace, id, side }, path) => {
    const sql = metadata.inWorkspace(workspace)
    const { rows } = await sql.query<{ body: Record<string, { config: object }> }>(
      'select body from pipelines.definition where workspace = $1 and id = $2',
      [workspace, id],
    )
    const body = rows[0]?.body
    if (body === undefined) return
    const end = body[side]
    const changed = { ...body, [side]: { ...end, config: { ...end?.config, path } } }
    await sql.query(
      'update pipelines.definition set body = $3::json, version = version + 1, updated_at = now() where workspace = $1 and id = $2',
      [workspace, id, JSON.stringify(changed)],
    )
  })
}
