import type { Position } from '#core/position'

/** The rows after one position of a stream, up to another; `around.datasets.between` makes the condition. */
export interface Slice {
  readonly after: Position
  readonly to: Position
}
