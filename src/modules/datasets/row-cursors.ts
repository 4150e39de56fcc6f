/** Cursors through the rows of a dataset: the values of the last row, by which the next page begins. */
import { z } from 'zod'
import { cursors, type Cursors } from '#kernel/paging'
import { datasetErrors } from './errors.ts'

export interface OrderColumn {
  readonly name: string
  /** The engine's. */
  readonly type: string
}

type CursorValue = string | number | boolean | null | readonly CursorValue[]

/** `order` names what the rows are ordered by, so that a cursor of another order is refused. A key is never null. */
export function rowCursors(
  order: string,
  { sort, key }: { readonly sort: OrderColumn | undefined; readonly key: readonly OrderColumn[] },
): Cursors<CursorValue[]> {
  const values = [
    ...(sort ? [cursorValueSchema(sort.type).nullable()] : []),
    ...key.map(({ type }) => cursorValueSchema(type)),
  ]
  const schema = z.tuple(values as unknown as [z.ZodType<CursorValue>]) as unknown as z.ZodType<CursorValue[]>
  return cursors(order, schema, refused)
}

/** For rows that nothing tells apart. */
export function offsetCursors(order: string): Cursors<number> {
  return cursors(order, z.int().min(0), refused)
}

const refused: Parameters<typeof cursors>[2] = (cursor, problems) => datasetErrors.bad_cursor({ cursor }, { problems })

/** The value as a parameter of the engine. */
export function cursorParameter(value: unknown): unknown {
  return Array.isArray(value) ? `(${value.join(',')})` : value
}

/** What the engine writes for a value of the type and reads as a parameter. */
function cursorValueSchema(type: string): z.ZodType<CursorValue> {
  // The position of a row in a log of several partitions.
  if (type.startsWith('Tuple')) return z.array(z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)])).min(1)
  if (/^U?Int/.test(type)) return z.string().regex(/^-?\d{1,20}$/)
  if (type.startsWith('Decimal')) return z.string().regex(/^-?\d{1,76}(\.\d{1,76})?$/)
  if (type.startsWith('Float')) return z.number()
  if (type.startsWith('DateTime')) return z.iso.datetime()
  if (type.startsWith('Date')) return z.iso.date()
  return type === 'Bool' ? z.boolean() : z.string()
}
