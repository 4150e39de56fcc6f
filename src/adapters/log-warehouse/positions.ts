/** Positions of the embedded log: the number of the last row, as text. Rows of a topic are numbered 1, 2, 3 … */
import { BadPosition, type Position, type Positions } from '#ports/log'

/** Shorter numbers are smaller, so digits are compared without reading them as numbers. */
function covers(position: Position, other: Position): boolean {
  return position.length > other.length || (position.length === other.length && position >= other)
}

export const warehousePositions: Positions = {
  start: positionOf(0n),
  decode(text) {
    if (!/^\d{1,19}$/.test(text)) throw new BadPosition(`"${text}" is no position.`)
    return positionOf(BigInt(text))
  },
  covers,
  merge: (one, other) => (covers(one, other) ? one : other),
  rowsBetween: (after, to) => (covers(after, to) ? 0 : Number(rowNumber(to) - rowNumber(after))),
  advance(after, to, maxRows) {
    const limit = positionOf(rowNumber(after) + BigInt(maxRows))
    return covers(limit, to) ? to : limit
  },
  sql: {
    type: 'UInt64',
    start: 'toUInt64(0)',
    row: { name: '_position', type: 'UInt64', columnType: 'decimal(20,0)', newestFirst: '_position DESC' },
    between: (after, to) => `_position > ${after} AND _position <= ${to}`,
  },
}

export function positionOf(row: bigint): Position {
  return String(row) as Position
}

export function rowNumber(position: Position): bigint {
  return BigInt(position)
}
