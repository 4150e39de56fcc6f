/** The engine's own syntax tree, as `EXPLAIN AST` writes it: a line per node, indented by depth. */
export interface TreeNode {
  readonly kind: string
  /** What follows the kind: the name of a function or table, a literal. */
  readonly name: string
  readonly children: readonly TreeNode[]
}

interface OpenNode extends TreeNode {
  readonly declared: number
  readonly children: OpenNode[]
}

/** `undefined` when the lines are not a whole tree: each node says how many children it has. */
export function readTree(lines: readonly string[]): TreeNode | undefined {
  const path: OpenNode[] = []
  let root: OpenNode | undefined
  for (const line of lines) {
    if (line === '') continue
    const depth = /^ */.exec(line)?.[0].length ?? 0
    const node = readNode(line.slice(depth))
    if (depth > path.length || (depth === 0 && root !== undefined)) return undefined
    root ??= node
    path.splice(depth)
    path.at(-1)?.children.push(node)
    path.push(node)
  }
  return root !== undefined && isWhole(root) ? root : undefined
}

function isWhole(node: OpenNode): boolean {
  return node.children.length === node.declared && node.children.every(isWhole)
}

function readNode(text: string): OpenNode {
  const declared = Number(/ \(children (\d+)\)$/.exec(text)?.[1] ?? 0)
  const bare = text.replace(/ \(children \d+\)$/, '').replace(/ \(alias [^()]*\)$/, '')
  const space = bare.indexOf(' ')
  return {
    kind: space < 0 ? bare : bare.slice(0, space),
    name: space < 0 ? '' : bare.slice(space + 1),
    declared,
    children: [],
  }
}

export function* nodesOf(
  node: TreeNode,
  parent?: TreeNode,
): Generator<{ node: TreeNode; parent: TreeNode | undefined }> {
  yield { node, parent }
  for (const child of node.children) yield* nodesOf(child, node)
}
