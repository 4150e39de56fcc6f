import type { PackKind } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import type { Pack } from '#sdk'

export interface Installation {
  readonly pack: Pack
  readonly workspace: string
  readonly kinds: readonly PackKind[]
  readonly metadata: Metadata
}

/** What a pack says about itself, and what the demo plays. */
const ownFields = new Set(['name', 'title', 'about', 'feeds'])

/** Makes what the pack defines, each thing once: what people changed or deleted stays as they left it. */
export async function installPack({ pack, workspace, kinds, metadata }: Installation): Promise<void> {
  const fields = pack as unknown as Readonly<Record<string, readonly unknown[] | undefined>>
  const unknown = Object.keys(pack).filter((name) => !ownFields.has(name) && !kinds.some(({ field }) => field === name))
  if (unknown.length > 0)
    throw new Error(`The pack "${pack.name}" holds ${unknown.join(', ')}, which no module of this application knows.`)
  const sql = metadata.inWorkspace(workspace)
  for (const { field, kind, nameOf, install } of kinds) {
    for (const definition of fields[field] ?? []) {
      const name = nameOf(definition)
      const { rows } = await sql.query('select 1 from demo.made where kind = $1 and name = $2', [kind, name])
      if (rows.length > 0) continue
      await install(workspace, definition, { pack: pack.name, module: 'demo' })
      await sql.query('insert into demo.made (workspace, kind, name) values ($1, $2, $3)', [workspace, kind, name])
    }
  }
}
