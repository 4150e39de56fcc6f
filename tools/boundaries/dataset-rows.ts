import { unitOf } from './units.ts'

export interface TableReference {
  readonly line: number
  readonly says: string
}

const owner = 'src/modules/datasets'
/** They guard what users name in that database, and make the views in it. */
const mayNameUserDatabase = new Set([
  'src/modules/explore/guard.ts',
  'src/modules/metrics/definition/loaded-metrics.ts',
])

/**
 * Ways past `datasets.readable` to the table of a dataset. Adapters get their tables from the module.
 */
export function tableReferences(path: string, text: string): TableReference[] {
  const { layer, folder } = unitOf(path)
  if (folder === owner || layer === 'adapters' || layer === 'outside' || path.includes('/golden/')) return []
  return text.split('\n').flatMap((line, index) => {
    const code = line.replace(/^\s*(\*|\/\/).*/, '')
    const found = patterns.find(({ pattern, mayUse }) => pattern.test(code) && mayUse?.has(path) !== true)
    return found === undefined ? [] : [{ line: index + 1, says: `${found.says}; use "from" of datasets.readable` }]
  })
}

const patterns: readonly { pattern: RegExp; says: string; mayUse?: ReadonlySet<string> }[] = [
  {
    pattern: /\buserDatabase\b/,
    says: 'names the database of the datasets',
    mayUse: mayNameUserDatabase,
  },
  { pattern: /(['"`. ])ws_(?:\$\{|\w)/, says: 'writes the name of a database of a workspace' },
  { pattern: /\bdatasets?\??\.(?:database|table)\b/i, says: 'names the table of a dataset' },
  { pattern: /\blog\.read\(/, says: 'reads the rows of a topic from the log' },
]
