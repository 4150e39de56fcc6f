import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { sqlTokens } from '#core/sql-text'
import type { Metadata } from '#ports/metadata'
import type { Warehouse } from '#ports/warehouse'
import { migrationErrors } from '../module/migrations.ts'

/** The databases of a workspace in the warehouse. */
export interface WorkspaceDatabases {
  /** What its SQL sees. `{database}` in a file. */
  readonly database: string
  /** What it does not see. `{system}` in a file. */
  readonly system: string
}

export interface MigrationTarget extends WorkspaceDatabases {
  readonly warehouse: Warehouse
  readonly metadata: Metadata
}

export type WarehouseMigration = {
  readonly module: string
  /** Without its ending, which is another one in the built package. */
  readonly name: string
  /** Of the statements; code has none. */
  readonly checksum: string | null
} & ({ readonly statements: readonly string[] } | { readonly migrate: (target: MigrationTarget) => Promise<void> })

/** In order of their numbers. */
export async function readMigrations(module: string, folder: URL): Promise<readonly WarehouseMigration[]> {
  const base = folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`)
  const files = (await readdir(base)).filter((file) => /\.(sql|ts|js)$/.test(file)).toSorted()
  const numbers = new Set<string>()
  return await Promise.all(
    files.map(async (file) => {
      const [, name, number, ending] = /^((\d{4})-[a-z0-9-]+)\.(sql|ts|js)$/.exec(file) ?? []
      if (name === undefined || number === undefined || numbers.has(number))
        throw migrationErrors.unnamed({ module, file })
      numbers.add(number)
      if (ending !== 'sql') return { module, name, checksum: null, migrate: await loadCode(module, file, base) }
      const text = (await readFile(new URL(file, base), 'utf8')).replaceAll('\r\n', '\n')
      const statements = statementsOf(text)
      for (const statement of statements)
        if (!isRepeatable(statement)) throw migrationErrors.not_repeatable({ module, file, statement })
      return { module, name, checksum: createHash('sha256').update(text).digest('hex'), statements }
    }),
  )
}

async function loadCode(module: string, file: string, base: URL): Promise<(target: MigrationTarget) => Promise<void>> {
  const loaded = (await import(new URL(file, base).href)) as { migrate?: unknown }
  if (typeof loaded.migrate !== 'function')
    throw new Error(`The warehouse migration "${file}" of the module "${module}" exports no function "migrate".`)
  return loaded.migrate as (target: MigrationTarget) => Promise<void>
}

function statementsOf(text: string): string[] {
  const ends = sqlTokens(text).filter(({ kind, text: sign }) => kind === 'sign' && sign === ';')
  const starts = [0, ...ends.map(({ end }) => end)]
  return starts
    .map((start, index) => text.slice(start, ends[index]?.start))
    .map((statement) => statement.trim())
    .filter((statement) => sqlTokens(statement).length > 0)
}

/** Run twice, it does what it does once. */
function isRepeatable(statement: string): boolean {
  const words = sqlTokens(statement)
    .map(({ text }) => text.toUpperCase())
    .join(' ')
  if (words.startsWith('CREATE OR REPLACE ')) return true
  if (/^CREATE (DATABASE|TABLE|VIEW|MATERIALIZED VIEW) IF NOT EXISTS /.test(words)) return true
  if (/^DROP (DATABASE|TABLE|VIEW) IF EXISTS /.test(words)) return true
  if (!words.startsWith('ALTER TABLE ')) return false
  const changes =
    words.match(/\b(ADD|DROP|RENAME|MODIFY) (COLUMN|INDEX|PROJECTION|CONSTRAINT) (IF (NOT )?EXISTS )?/g) ?? []
  return changes.length > 0 && changes.every((change) => change.startsWith('MODIFY') || change.includes('EXISTS'))
}
