/**
 * Pieces of engine SQL. What a person wrote gets in only as a bound value or a quoted name.
 *
 * ```ts
 * const from = sql`file(${text('orders.parquet')}, ${text('Parquet')})`
 * render(sql`SELECT ${name('id')} FROM ${from}`)
 * // { text: 'SELECT `id` FROM file({v1:String}, {v2:String})', parameters: { v1: 'orders.parquet', v2: 'Parquet' } }
 * show(from) // "file('orders.parquet', 'Parquet')"
 * ```
 */
import { quoteName } from '#core/dataset'
import { sqlString } from '#core/sql-text'

export interface Bound {
  readonly value: unknown
  /** The engine's type. */
  readonly type: string
  readonly secret: boolean
}

export interface Sql {
  readonly parts: readonly (string | Bound)[]
}

export interface RenderedSql {
  readonly text: string
  readonly parameters: Readonly<Record<string, unknown>>
}

export function sql(strings: TemplateStringsArray, ...values: readonly (Sql | Bound)[]): Sql {
  const parts: (string | Bound)[] = []
  for (const [index, piece] of strings.entries()) {
    parts.push(piece)
    const value = values[index]
    if (value === undefined) continue
    if ('parts' in value) parts.push(...value.parts)
    else parts.push(value)
  }
  return { parts }
}

export function bound(value: unknown, type: string): Bound {
  return { value, type, secret: false }
}

export function text(value: string): Bound {
  return bound(value, 'String')
}

/** Bound like any text, shown as `'***'`. */
export function secret(value: string): Bound {
  return { value, type: 'String', secret: true }
}

/** SQL that this program wrote; never a person's text. */
export function raw(written: string): Sql {
  return { parts: [written] }
}

export function name(column: string): Sql {
  return raw(quoteName(column))
}

export function join(pieces: readonly Sql[], separator: string): Sql {
  return { parts: pieces.flatMap((piece, index) => (index === 0 ? piece.parts : [separator, ...piece.parts])) }
}

export function render(fragment: Sql): RenderedSql {
  const parameters: Record<string, unknown> = {}
  let count = 0
  const written = fragment.parts.map((part) => {
    if (typeof part === 'string') return part
    count += 1
    parameters[`v${count}`] = part.value
    return `{v${count}:${part.type}}`
  })
  return { text: written.join(''), parameters }
}

/** For people: values in place, secrets as `'***'`. */
export function show(fragment: Sql): string {
  return fragment.parts
    .map((part) => {
      if (typeof part === 'string') return part
      if (part.secret) return "'***'"
      return typeof part.value === 'string' ? literal(part.value) : String(part.value)
    })
    .join('')
}

/** The secrets a fragment carries, to strike them out of messages. */
export function secretsIn(fragment: Sql): readonly string[] {
  return fragment.parts.flatMap((part) => (typeof part !== 'string' && part.secret ? [String(part.value)] : []))
}

/** A string literal of the engine. */
export const literal = sqlString
