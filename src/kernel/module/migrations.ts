/**
 * Brings the metadata database to the form the modules expect: each module's folder of
 * `0001-….sql` files, in order, once each, recorded in `kernel.migration` with a checksum.
 *
 * A file runs in one transaction with its record. After a module's files, the role `millrace_app`
 * (which all work for a workspace runs as) gets its rights on the module's tables that have a
 * `workspace` column; a table with that column but without forced row-level security stops the start.
 */
import { createHash } from 'node:crypto'
import { readFile, readdir } from 'node:fs/promises'
import { isUniqueViolation } from '#ports/metadata'
import type { Metadata } from '#ports/metadata'
import { defineErrors } from '#core/errors'

export const migrationErrors = defineErrors('migrations', {
  changed: {
    kind: 'conflict',
    title: 'A migration was changed after it ran',
    says: (p: { module: string; file: string }) =>
      `The migration "${p.file}" of the module "${p.module}" has run on this database with another content.`,
    remedy: 'Put the file back as it was and write the change as a new migration.',
  },
  gone: {
    kind: 'conflict',
    title: 'The database is newer than this Millrace',
    says: (p: { module: string; file: string }) =>
      `The migration "${p.file}" of the module "${p.module}" has run on this database and is not part of this Millrace.`,
    remedy: 'Start the newer version of Millrace that wrote this database.',
  },
  unnamed: {
    kind: 'bug',
    title: 'A migration has no number',
    says: (p: { module: string; file: string }) =>
      `The migration "${p.file}" of the module "${p.module}" is not named like 0001-what-it-does.sql, or its number is there twice.`,
  },
  failed: {
    kind: 'bug',
    title: 'A migration failed',
    says: (p: { module: string; file: string; reason: string }) =>
      `The migration "${p.file}" of the module "${p.module}" failed and left nothing behind: ${p.reason}.`,
  },
  cut_off: {
    kind: 'bug',
    title: 'A warehouse migration failed',
    says: (p: { module: string; file: string; reason: string }) =>
      `The warehouse migration "${p.file}" of the module "${p.module}" failed: ${p.reason}. It runs again from its beginning.`,
  },
  not_repeatable: {
    kind: 'bug',
    title: 'A warehouse migration cannot be repeated',
    says: (p: { module: string; file: string; statement: string }) =>
      `The warehouse migration "${p.file}" of the module "${p.module}" holds a statement that may not run twice: ${p.statement.slice(0, 200)}.`,
    remedy: 'Use IF NOT EXISTS, IF EXISTS or OR REPLACE, or write the migration as code that looks at what is done.',
  },
  unguarded: {
    kind: 'bug',
    title: 'A table is not guarded',
    says: (p: { table: string }) =>
      `The table "${p.table}" has a column "workspace" and lets every workspace see every row.`,
    remedy: 'Enable and force row level security on it in its migration, with the policy "workspace".',
  },
})

export interface Migrating {
  readonly name: string
  readonly migrations?: URL | undefined
}

/** The kernel's own tables; they come before those of every module. */
const kernelTables: Migrating = { name: 'kernel', migrations: new URL('../migrations/', import.meta.url) }

/** Returns the files that ran now, as `module/0001-….sql`. */
export async function migrate(metadata: Metadata, modules: readonly Migrating[]): Promise<readonly string[]> {
  const ran: string[] = []
  for (const module of [kernelTables, ...modules]) ran.push(...(await migrateOne(metadata, module)))
  return ran
}

/** The same for one folder: the tables that guard the stores come before all others. */
export async function migrateOne(metadata: Metadata, { name, migrations }: Migrating): Promise<readonly string[]> {
  if (migrations === undefined) return []
  await metadata.script(`
    create schema if not exists kernel;
    create table if not exists kernel.migration (
      module text not null, file text not null, checksum text not null, applied_at timestamptz not null default now(),
      primary key (module, file)
    );`)
  const now = await migrateModule(metadata, name, migrations)
  await guard(metadata, name, now.length > 0)
  return now.map((file) => `${name}/${file}`)
}

async function migrateModule(metadata: Metadata, module: string, folder: URL): Promise<string[]> {
  const files = await readFiles(module, folder)
  const before = await appliedChecksums(metadata, module)
  for (const [file] of before) {
    if (!files.some((known) => known.file === file)) throw migrationErrors.gone({ module, file })
  }
  const ran: string[] = []
  for (const migration of files) {
    const { file, checksum } = migration
    const earlier = before.get(file)
    if (earlier !== undefined && earlier !== checksum) throw migrationErrors.changed({ module, file })
    if (earlier === undefined && (await apply(metadata, module, migration))) ran.push(file)
  }
  return ran
}

interface MigrationFile {
  readonly file: string
  readonly text: string
  readonly checksum: string
}

async function readFiles(module: string, folder: URL): Promise<MigrationFile[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).toSorted()
  const numbers = new Set<string>()
  return await Promise.all(
    names.map(async (file) => {
      const number = /^(\d{4})-[a-z0-9-]+\.sql$/.exec(file)?.[1]
      if (number === undefined || numbers.has(number)) throw migrationErrors.unnamed({ module, file })
      numbers.add(number)
      const text = await readFile(
        new URL(file, folder.href.endsWith('/') ? folder : new URL(`${folder.href}/`)),
        'utf8',
      )
      return { file, text, checksum: createHash('sha256').update(text.replaceAll('\r\n', '\n')).digest('hex') }
    }),
  )
}

async function appliedChecksums(metadata: Metadata, module: string): Promise<Map<string, string>> {
  const { rows } = await metadata.system.query<{ file: string; checksum: string }>(
    'select file, checksum from kernel.migration where module = $1',
    [module],
  )
  return new Map(rows.map(({ file, checksum }) => [file, checksum]))
}

/** The record goes first: of two processes that start at once, the second waits here and finds it done. */
async function apply(metadata: Metadata, module: string, { file, text, checksum }: MigrationFile): Promise<boolean> {
  const record = `insert into kernel.migration (module, file, checksum) values ('${module.replaceAll("'", "''")}', '${file}', '${checksum}')`
  try {
    await metadata.script(`begin;\n${record};\n${text}\n;commit;`)
    return true
  } catch (error) {
    if (isUniqueViolation(error) && error.constraint === 'migration_pkey') return false
    throw migrationErrors.failed(
      { module, file, reason: error instanceof Error ? error.message : String(error) },
      { cause: error },
    )
  }
}

/** A module "saved-views" keeps its tables in the schema "saved_views". */
function schemaOf(module: string): string {
  return module.replaceAll('-', '_')
}

/** Rights for the workspaces' role, and a policy that lets the server itself see all where it is no superuser. */
async function guard(metadata: Metadata, module: string, changed: boolean): Promise<void> {
  const { rows } = await metadata.system.query<{ name: string; guarded: boolean; system: boolean }>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relrowsecurity and c.relforcerowsecurity as guarded,
       exists (select from pg_policy p where p.polrelid = c.oid and p.polname = 'millrace_system') as system
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace' and not a.attisdropped
     where n.nspname = $1 and c.relkind in ('r', 'p')`,
    [schemaOf(module)],
  )
  for (const { name, guarded } of rows) if (!guarded) throw migrationErrors.unguarded({ table: name })
  if (rows.length === 0 || (!changed && rows.every((row) => row.system))) return
  const schema = `"${schemaOf(module).replaceAll('"', '""')}"`
  await metadata.script(
    [
      'begin',
      `grant usage on schema ${schema} to millrace_app`,
      `grant usage, select on all sequences in schema ${schema} to millrace_app`,
      ...rows.map(({ name }) => `grant select, insert, update, delete on ${name} to millrace_app`),
      ...rows
        .filter((row) => !row.system)
        .map(({ name }) => `create policy millrace_system on ${name} to current_user using (true) with check (true)`),
      'commit',
    ].join(';\n'),
  )
}
