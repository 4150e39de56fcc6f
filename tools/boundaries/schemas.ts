/** Tables of metadata belong to the unit whose schema they are in; others ask its face. */
import { isTest, lineAt, type Source } from './source.ts'
import type { Crossing } from './crossing.ts'
import { unitOf } from './units.ts'

interface SchemaUse {
  readonly schema: string
  readonly line: number
  /** `create schema …`. */
  readonly creates: boolean
}

/** Leases are rows beside the servers that hold them: both change in one transaction. */
const guests: Readonly<Record<string, string>> = { 'src/adapters/leases-metadata': 'stores' }

const created = /\bcreate\s+schema\s+(?:if\s+not\s+exists\s+)?([a-z_]+)/gi
const used = /\b(?:from|join|into|update|table|only|exists|references|truncate)\s+"?([a-z_]+)"?\."?[a-z_]+/gi

/** The schemas that the SQL in a file names. */
function schemasIn({ path, code: text }: Source): SchemaUse[] {
  const code = path.endsWith('.sql') ? text.replace(/--.*/g, '') : text.replace(/^\s*\/\/.*/gm, '')
  const found = (pattern: RegExp, creates: boolean): SchemaUse[] =>
    [...code.matchAll(pattern)].map((match) => ({
      schema: match[1]!.toLowerCase(),
      line: lineAt(code, match.index),
      creates,
    }))
  return [...found(created, true), ...found(used, false)]
}

/** Schemas that no unit creates (`system`, `information_schema`) are nobody's and may be read. */
export function schemaCrossings(sources: readonly Source[]): Crossing[] {
  const product = sources
    .filter(({ path }) => path.startsWith('src/') && !isTest(path))
    .map((source) => ({ path: source.path, schemas: schemasIn(source) }))
  const owners = new Map<string, string>()
  for (const { path, schemas } of product)
    for (const { schema, creates } of schemas) if (creates) owners.set(schema, unitOf(path).folder)
  return product.flatMap(({ path, schemas }) => {
    const { folder } = unitOf(path)
    return schemas.flatMap(({ schema, line, creates }) => {
      const owner = creates ? ownerByName(schema, folder) : owners.get(schema)
      if (owner === undefined || owner === folder || guests[folder] === schema) return []
      const says = `names the schema "${schema}", which belongs to ${owner}; ask its face`
      return [{ file: path, line, rule: 'foreign-schema', says }]
    })
  })
}

/** A module creates the schema of its own name only. */
function ownerByName(schema: string, folder: string): string | undefined {
  if (!folder.startsWith('src/modules/')) return undefined
  return `src/modules/${schema.replaceAll('_', '-')}`
}
