import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { DatasetSpec } from '#core/dataset'
import type { Given } from '#kernel/module'
import type { Metadata } from '#ports/metadata'
import type { Definition, Pack } from '#sdk'
import type { needs } from './needs.ts'

export interface Installation {
  readonly pack: Pack
  readonly workspace: string
  readonly given: Given<typeof needs>
  readonly metadata: Metadata
}

/** Makes what the pack defines, each thing once: what people changed or deleted stays as they left it. */
export async function installPack(installation: Installation): Promise<void> {
  const { pack, workspace, given } = installation
  for (const file of pack.files ?? []) {
    const path = join(await given.connectors.folder(workspace), file.path)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, file.content, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
  for (const definition of pack.datasets ?? []) {
    const spec = DatasetSpec.parse(definition)
    await once(installation, 'dataset', spec.name, async () => {
      if ((await given.datasets.find(workspace, spec.name)) !== undefined) return
      await given.datasets.create(workspace, spec, { kind: 'declared', name: pack.name })
    })
  }
  const codes = new Set((await given.metrics.list(workspace)).map((metric) => metric.code))
  for (const definition of pack.metrics ?? []) {
    const code = String(definition.code)
    await once(installation, 'metric', code, async () => {
      if (!codes.has(code)) await given.metrics.create(workspace, definition)
    })
  }
  for (const definition of pack.dashboards ?? []) {
    await once(installation, 'dashboard', nameOf(definition), async () => {
      if ((await given.dashboards.named(workspace, nameOf(definition))) === undefined) {
        await given.dashboards.create(workspace, definition)
      }
    })
  }
  for (const { definition, begin } of pack.pipelines ?? []) {
    await once(installation, 'pipeline', nameOf(definition), async () => {
      const made = await given.pipelines.named(workspace, nameOf(definition))
      const { id } = made ?? (await given.pipelines.create(given.identity.systemActor(workspace, 'demo'), definition))
      if (begin) await given.pipelines.begin(workspace, id)
    })
  }
}

async function once(installation: Installation, kind: string, name: string, make: () => Promise<void>): Promise<void> {
  const sql = installation.metadata.inWorkspace(installation.workspace)
  const known = await sql.query('select 1 from demo.made where kind = $1 and name = $2', [kind, name])
  if (known.rows.length > 0) return
  await make()
  await sql.query('insert into demo.made (workspace, kind, name) values ($1, $2, $3)', [
    installation.workspace,
    kind,
    name,
  ])
}

function nameOf(definition: Definition): string {
  return String(definition.name)
}
