/**
 * A count with its noun, for logs and errors.
 *
 * ```ts
 * import { countText } from '#core/count-text'
 *
 * countText(1, 'row') // '1 row'
 * countText(2, 'row') // '2 rows'
 * ```
 */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}
