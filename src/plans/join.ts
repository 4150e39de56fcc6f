import { columnOf, findColumn, originsOfColumns } from './columns.ts'
import { mergeOrigins } from './origins.ts'
import type { Join, JoinColumn, JoinKey, JoinType, Plan, PlanColumn } from './plan.ts'

export interface JoinSpec {
  readonly type: JoinType
  readonly keys: readonly JoinKey[]
  /** Default: every column of the left side, and of the right side those whose name is free. */
  readonly columns?: readonly JoinColumn[]
}

/** Keys have equal types on both sides, and at least one is there. */
export function join(left: Plan, right: Plan, { type, keys, columns = bothSides(left, right) }: JoinSpec): Join {
  if (keys.length === 0) throw new Error('A join needs a key.')
  for (const key of keys) {
    const [one, other] = [columnOf(left, key.left).type, columnOf(right, key.right).type]
    if (one !== other) throw new Error(`The keys "${key.left}" (${one}) and "${key.right}" (${other}) differ in type.`)
  }
  const names = (side: 'left' | 'right') => keys.map((key) => key[side])
  return {
    kind: 'join',
    type,
    left,
    right,
    keys,
    sides: columns,
    columns: columns.map((column) => joined(column.side === 'left' ? left : right, column, type)),
    rowOrigins: mergeOrigins([
      left.rowOrigins,
      right.rowOrigins,
      originsOfColumns(left, names('left')),
      originsOfColumns(right, names('right')),
    ]),
  }
}

/** May rows lack this side? */
export function mayLack(side: 'left' | 'right', type: JoinType): boolean {
  return type === 'full' || (type === 'left' && side === 'right')
}

function joined(plan: Plan, { name, side, column }: JoinColumn, type: JoinType): PlanColumn {
  const found = columnOf(plan, column)
  if (!mayLack(side, type)) return { ...found, name }
  return { name, type: found.type, nullable: true, origins: found.origins }
}

function bothSides(left: Plan, right: Plan): readonly JoinColumn[] {
  return [
    ...left.columns.map(({ name }): JoinColumn => ({ name, side: 'left', column: name })),
    ...right.columns.flatMap(({ name }): JoinColumn[] =>
      findColumn(left, name) === undefined ? [{ name, side: 'right', column: name }] : [],
    ),
  ]
}
