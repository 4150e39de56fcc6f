/**
 * Checks an id before a query to a database column of type `uuid`, which refuses other texts.
 *
 * ```ts
 * isUuid('0190a6f4-3c1e-7b52-9d0e-5b1c8f2a7e44') // true
 * isUuid('orders') // false
 * ```
 */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)
}
