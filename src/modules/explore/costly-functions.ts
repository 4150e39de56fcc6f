/**
 * Functions whose cost grows faster than what they are given, and the shape of arguments that keeps it in
 * proportion. The engine looks at its time limit between blocks, not inside one call of a function.
 */
import { nodesOf, type TreeNode } from './syntax-tree.ts'

export const maxShortText = 100
export const maxShortList = 1000
const maxRings = 100

interface CostRule {
  holds(args: readonly TreeNode[]): boolean
  readonly remedy: string
}

const shortText: CostRule = {
  holds: (args) => args.some(isShortText),
  remedy: `compares every character of one text with every character of the other. One of them must be short: write a text of at most ${maxShortText} characters, or left(text, ${maxShortText}).`,
}
const shortList: CostRule = {
  holds: (args) => args.some(isShortList),
  remedy: `compares every element of one list with every element of the other. One of them must be short: write the elements out, or arraySlice(list, 1, ${maxShortList}). arrayIntersect takes lists of any length.`,
}
const fewRings: CostRule = {
  holds: (args) => isNumberUpTo(args[1], maxRings),
  remedy: `needs a number of rings that is written out, at most ${maxRings}.`,
}
const numericFold: CostRule = {
  holds: (args) => isNumericStep(args[0]) && args.slice(2).every(isNumericStart),
  remedy:
    'copies its accumulator at every element, so it is for numbers: start with a number such as toFloat64(0), or a tuple of them, and use arithmetic, comparisons and if(…) only. arrayMap, arrayFilter, arrayCumSum and arrayStringConcat build lists and texts.',
}
const refused: CostRule = {
  holds: () => false,
  remedy:
    'is not allowed, because it compares every element of one list with every element of the other. arrayJaccardIndex compares lists of any length.',
}

/** By name in lower case. */
const rules: ReadonlyMap<string, CostRule> = new Map([
  ...rule(refused, 'arrayLevenshteinDistance arrayLevenshteinDistanceWeighted arraySimilarity'),
  ...rule(
    shortText,
    'levenshteinDistance levenshteinDistanceUTF8 editDistance editDistanceUTF8 damerauLevenshteinDistance jaroSimilarity jaroWinklerSimilarity',
  ),
  ...rule(shortList, 'hasAll hasAny hasSubstr'),
  ...rule(fewRings, 'h3kRing h3HexRing'),
  ...rule(numericFold, 'arrayFold'),
])

function rule(kind: CostRule, names: string): [string, CostRule][] {
  return names.split(' ').map((name) => [name.toLowerCase(), kind])
}

/** Why a call would cost too much; `undefined` when it does not. */
export function costProblem(call: TreeNode): string | undefined {
  const found = rules.get(call.name.toLowerCase())
  if (found === undefined || found.holds(argumentsOf(call))) return undefined
  return `The function "${call.name}" ${found.remedy}`
}

function argumentsOf(call: TreeNode): readonly TreeNode[] {
  return call.children[0]?.children ?? []
}

function isCall(node: TreeNode, ...names: readonly string[]): boolean {
  return node.kind === 'Function' && names.includes(node.name.toLowerCase())
}

/** A value that is written out, also behind a cast: bound parameters are in the tree that way. */
function literalOf(node: TreeNode | undefined): string | undefined {
  if (node === undefined) return undefined
  if (node.kind === 'Literal') return node.name
  return isCall(node, '_cast', 'cast') ? literalOf(argumentsOf(node)[0]) : undefined
}

function isNumberUpTo(node: TreeNode | undefined, max: number): boolean {
  const digits = /^U?Int64_(\d+)$/.exec(literalOf(node) ?? '')?.[1]
  return digits !== undefined && Number(digits) <= max
}

function isShortText(node: TreeNode): boolean {
  const literal = literalOf(node)
  if (literal !== undefined) return literal.length <= maxShortText + 2
  const args = argumentsOf(node)
  if (isCall(node, 'left', 'leftutf8')) return isNumberUpTo(args[1], maxShortText)
  if (isCall(node, 'substring', 'substringutf8', 'substr', 'mid')) return isNumberUpTo(args[2], maxShortText)
  return isCall(node, 'lower', 'upper', 'lowerutf8', 'upperutf8') && args.every(isShortText)
}

function isShortList(node: TreeNode): boolean {
  const literal = literalOf(node)
  if (literal !== undefined) return literal.split(',').length <= maxShortList
  if (isCall(node, 'array')) return argumentsOf(node).length <= maxShortList
  return isCall(node, 'arrayslice') && isNumberUpTo(argumentsOf(node)[2], maxShortList)
}

const conversions = /^(_cast|cast|to(u?int(8|16|32|64|128|256)|float(32|64)|decimal(32|64|128|256)))$/
const scalarFunctions: ReadonlySet<string> = new Set(
  `lambda tuple tupleelement plus minus multiply divide intdiv modulo negate abs sign round floor ceil trunc sqrt exp log pow
  greatest least min2 max2 if multiif equals notequals less greater lessorequals greaterorequals and or not xor isnull
  isnotnull coalesce ifnull nullif`.split(/\s+/),
)

function isNumericStep(node: TreeNode | undefined): boolean {
  if (node === undefined || !isCall(node, 'lambda')) return false
  for (const { node: part } of nodesOf(node)) {
    const name = part.name.toLowerCase()
    if (part.kind === 'Function' && !scalarFunctions.has(name) && !conversions.test(name)) return false
    if (part.kind === 'Subquery') return false
  }
  return true
}

function isNumericStart(node: TreeNode): boolean {
  if (node.kind === 'Literal') return !/^(Array|Map)_/.test(node.name)
  if (isCall(node, 'tuple')) return argumentsOf(node).every(isNumericStart)
  if (isCall(node, '_cast', 'cast')) return argumentsOf(node).every(isNumericStart)
  return node.kind === 'Function' && conversions.test(node.name.toLowerCase())
}
