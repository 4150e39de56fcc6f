import type { LineRule } from './line-rules.ts'
import { unitOf } from './units.ts'

const owner = 'src/modules/datasets'
/** They guard what users name in that database, and make the views in it. */
const mayNameUserDatabase = new Set([
  'src/modules/explore/guard.ts',
  'src/modules/metrics/definition/loaded-metrics.ts',
])

/** Ways past `datasets.readable` to the table of a dataset. Adapters get their tables from the module. */
export const datasetTable: LineRule = {
  rule: 'dataset-table',
  mayBreak: (path) => unitOf(path).folder === owner || unitOf(path).layer === 'adapters',
  find(code, path) {
    const found = patterns.find(({ pattern, mayUse }) => pattern.test(code) && mayUse?.has(path) !== true)
    return found && `${found.says}; use "from" of datasets.readable`
  },
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
