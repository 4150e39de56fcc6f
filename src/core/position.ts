declare const position: unique symbol

/**
 * Which rows of a stream somebody has read or computed with: opaque to all but the log (`#ports/log`), which says what
 * can be asked of positions. The value is the text form, so it is stored, sent and tested for equality as text; equal
 * positions have equal texts.
 *
 * ```ts
 * import type { Position } from '#core/position'
 *
 * const position: Position = ports.log.positions.decode('42')
 * JSON.stringify({ position }) // '{"position":"42"}'
 * ```
 */
export type Position = string & { readonly [position]: true }
