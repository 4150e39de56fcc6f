/** For tests: one empty database on this machine, which every new one is copied from. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pgliteMetadata } from './metadata.ts'

const variable = 'MILLRACE_TEST_PGLITE_TEMPLATE'
/** What an empty database depends on. */
const made = ['open-database.ts', 'durable-files.ts', '../../../node_modules/@electric-sql/pglite/package.json']

/** Makes the template when there is none, and lets this process and its children copy it. */
export async function providePgliteTemplate(): Promise<void> {
  if (process.env[variable] !== undefined) return
  const hash = createHash('sha256')
  for (const file of made) hash.update(readFileSync(fileURLToPath(new URL(file, import.meta.url))))
  const folder = join(tmpdir(), `millrace-pglite-${hash.digest('hex').slice(0, 16)}`)
  if (!existsSync(folder)) await makeTemplate(folder)
  process.env[variable] = folder
}

/** Several processes may make it at once; one of them wins. */
async function makeTemplate(folder: string): Promise<void> {
  const making = await mkdtemp(`${folder}-`)
  const directory = join(making, 'metadata')
  await (await pgliteMetadata({ directory, durability: 'disk' })).close()
  await rename(directory, folder).catch((error: unknown) => {
    if (!existsSync(folder)) throw error
  })
  await rm(making, { recursive: true, force: true })
}
