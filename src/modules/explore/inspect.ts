/** Holds a statement's tree against the lists of what is allowed, and collects every problem. */
import { reservedColumns } from '#core/dataset'
import type { Problem } from '#core/errors'
import { missingDataset } from '#core/missing-dataset'
import { withSuggestion } from '#core/nearest'
import type { SqlToken } from '#core/sql-text'
import { costProblem } from './costly-functions.ts'
import { aggregateCombinators, allowedAggregates, allowedFunctions } from './allowed-functions.ts'
import { allowedNodes, allowedTableFunctions, membershipFunctions, refusedNodes } from './allowed-nodes.ts'
import { nodesOf, type TreeNode } from './syntax-tree.ts'
import { virtualColumnIn } from './virtual-columns.ts'
import { writtenNames } from './written-names.ts'

export interface Inspected {
  readonly problems: readonly Problem[]
  /** The tables it reads, of those it may read. */
  readonly tables: ReadonlySet<string>
  /** In lower case. */
  readonly functions: ReadonlySet<string>
  /** Names that the statement gives to its own parts. */
  readonly ownNames: ReadonlySet<string>
}

/** `mayRead` holds the columns of each table that the statement may read. */
export function inspect(
  tree: TreeNode,
  tokens: readonly SqlToken[],
  mayRead: ReadonlyMap<string, readonly string[]>,
): Inspected {
  const problems = new Map<string, Problem>()
  const tables = new Set<string>()
  const functions = new Set<string>()
  const identifiers = new Set<string>()
  const written = writtenNames(tokens)
  const refuse = (code: string, said: string | Pick<Problem, 'message' | 'suggestion'>): void => {
    const what = typeof said === 'string' ? { message: said } : said
    problems.set(what.message, { at: 'sql', code, ...what })
  }

  function readTable(name: string): void {
    if (written.dotted.has(name)) {
      refuse(
        'other_place',
        `"${name}" names a database; a query reads the datasets of its workspace by their names alone.`,
      )
    } else if (mayRead.has(name)) {
      tables.add(name)
    } else if (!written.own.has(name)) {
      refuse('unknown_table', missingDataset(name, mayRead.keys()))
    } else if (written.outOfScope.has(name)) {
      refuse('unknown_table', outOfScope(name))
    }
  }

  if (tree.kind !== 'SelectWithUnionQuery') refuse('not_select', 'A query is a SELECT; nothing else is run here.')
  for (const { node, parent } of nodesOf(tree)) {
    if (!allowedNodes.has(node.kind)) {
      refuse('not_allowed', refusedNodes[node.kind] ?? `${node.kind} is not allowed in a query.`)
    } else if (parent?.kind === 'SelectWithUnionQuery' && node.kind !== 'ExpressionList') {
      refuse(
        'not_allowed',
        'FORMAT and INTO OUTFILE are not allowed; say with the Accept header how the answer should come.',
      )
    } else if (node.kind === 'TableIdentifier') {
      readTable(node.name)
    } else if (node.kind === 'Function' && parent?.kind === 'TableExpression') {
      if (!allowedTableFunctions.has(node.name.toLowerCase()))
        refuse('table_function', `The table function "${node.name}" is not allowed.`)
    } else if (node.kind === 'Function') {
      functions.add(node.name.toLowerCase())
      if (!isAllowed(node.name)) refuse('function', unknownFunction(node.name))
      const costly = costProblem(node)
      if (costly !== undefined) refuse('costly', costly)
      const side = membershipFunctions.has(node.name.toLowerCase()) ? node.children[0]?.children[1] : undefined
      if (side?.kind === 'Identifier') readTable(side.name)
    } else if (node.kind === 'Identifier') {
      identifiers.add(node.name)
    }
  }
  const columns = new Set([...reservedColumns, ...[...tables].flatMap((name) => mayRead.get(name) ?? [])])
  for (const identifier of identifiers) {
    const column = virtualColumnIn(identifier, columns)
    if (column !== undefined)
      refuse(
        'virtual_column',
        `"${column}" is a column of the engine, not of a dataset, and is not allowed. If it is your own name, choose another.`,
      )
  }
  return { problems: [...problems.values()], tables, functions, ownNames: written.own }
}

/** Said of a name of `WITH` that is read where the engine does not know it. */
export function outOfScope(name: string): string {
  return `The name "${name}" is not known here. A name of WITH can be read only inside the SELECT that defines it, and not in its own definition. Define it in front of the whole query.`
}

function isAllowed(name: string): boolean {
  const lower = name.toLowerCase()
  return allowedFunctions.has(lower) || isAggregate(lower)
}

function isAggregate(lower: string): boolean {
  if (allowedAggregates.has(lower)) return true
  return [...aggregateCombinators].some(
    (suffix) => lower.length > suffix.length && lower.endsWith(suffix) && isAggregate(lower.slice(0, -suffix.length)),
  )
}

function unknownFunction(name: string): Pick<Problem, 'message' | 'suggestion'> {
  const known = new Set([...allowedFunctions, ...allowedAggregates])
  known.delete(name.toLowerCase())
  return withSuggestion(`The function "${name}" is not allowed.`, name, known)
}
