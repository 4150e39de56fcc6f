/** Holds a statement's tree against the lists of what is allowed, and collects every problem. */
import type { Problem } from '#core/errors'
import type { SqlToken } from '#core/sql-text'
import { nearest } from '#kernel/nearest'
import { aggregateCombinators, allowedAggregates, allowedFunctions } from './allowed-functions.ts'
import { allowedNodes, allowedTableFunctions, membershipFunctions, refusedNodes } from './allowed-nodes.ts'
import { nodesOf, type TreeNode } from './syntax-tree.ts'
import { writtenNames } from './written-names.ts'

export interface Inspected {
  readonly problems: readonly Problem[]
  /** The tables it reads, of those it may read. */
  readonly tables: ReadonlySet<string>
  /** In lower case. */
  readonly functions: ReadonlySet<string>
}

export function inspect(tree: TreeNode, tokens: readonly SqlToken[], mayRead: ReadonlySet<string>): Inspected {
  const problems = new Map<string, Problem>()
  const tables = new Set<string>()
  const functions = new Set<string>()
  const written = writtenNames(tokens)
  const refuse = (code: string, said: string, suggestion?: string): void => {
    const message = suggestion === undefined ? said : `${said} Did you mean "${suggestion}"?`
    problems.set(message, { at: 'sql', code, message, ...(suggestion === undefined ? {} : { suggestion }) })
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
      refuse('unknown_table', `There is no dataset "${name}" in this workspace.`, nearest(name, mayRead))
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
      if (!isAllowed(node.name))
        refuse('function', `The function "${node.name}" is not allowed.`, suggestedFunction(node.name))
      const side = membershipFunctions.has(node.name.toLowerCase()) ? node.children[0]?.children[1] : undefined
      if (side?.kind === 'Identifier') readTable(side.name)
    }
  }
  return { problems: [...problems.values()], tables, functions }
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

function suggestedFunction(name: string): string | undefined {
  const meant = nearest(name, new Set([...allowedFunctions, ...allowedAggregates]))
  return meant === undefined || meant === name.toLowerCase() ? undefined : meant
}
