/**
 * Text that every store keeps. PostgreSQL refuses U+0000, and UTF-8 has no form for half of a surrogate pair, so both
 * are refused where text comes in (`unstorableText` of the kernel), and replaced in texts about something, such as the
 * error of a run that quotes a cell.
 *
 * ```ts
 * isStorableText('a\0b') // false
 * storableText('a\0b\ud800') // 'a\ufffdb\ufffd'
 * storableJson({ detail: 'a\0b' }) // '{"detail":"a\ufffdb"}'
 * ```
 */
const replacement = '\uFFFD'

export function isStorableText(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

export function storableText(text: string): string {
  return text.replaceAll('\0', replacement).toWellFormed()
}

/** The text cut to `maxLength`, without half of a pair at its end. */
export function clippedText(text: string, maxLength: number): string {
  return storableText(text.slice(0, maxLength))
}

/** `JSON.stringify` with storable texts as values. Names of fields stay as they are. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === 'string' ? storableText(field) : field))
}
