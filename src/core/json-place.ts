/**
 * Where and why a text stops being JSON. Only called for texts that `JSON.parse` refused.
 *
 * ```ts
 * jsonPlace('{"a": 1,}') // { line: 1, column: 9, reason: 'expected a name in double quotes, found "}"' }
 * ```
 */
export function jsonPlace(text: string): { line: number; column: number; reason: string } {
  const { offset, reason } = firstFault(text)
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  return { line, column: offset - before.lastIndexOf('\n'), reason }
}

const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

/** Walks the grammar with a stack of its own, so depth costs no calls. */
function firstFault(text: string): { offset: number; reason: string } {
  const open: ('{' | '[')[] = []
  let at = 0
  let expects: 'value' | 'value-or-]' | 'name' | 'name-or-}' | 'after' = 'value'
  const fault = (reason: string) => ({ offset: at, reason: at >= text.length ? 'the text ends too early' : reason })
  const found = () => `${JSON.stringify(text[at] ?? '')}`

  // A loop: one regular expression for the whole string overflows its stack after some millions of characters.
  const string = (): boolean => {
    for (at++; at < text.length;) {
      const sign = text[at]!
      if (sign === '"') {
        at++
        return true
      }
      escape.lastIndex = at
      if (sign < ' ' || (sign === '\\' && !escape.test(text))) return false
      at = sign === '\\' ? escape.lastIndex : at + 1
    }
    return false
  }

  for (;;) {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at++
    const inside = open.at(-1)
    if (expects === 'after' && inside === undefined) return fault(`unexpected ${found()} after the end`)
    if (at >= text.length) return fault('')
    const sign = text[at]
    if (expects === 'after') {
      if (sign === ',') expects = inside === '{' ? 'name' : 'value'
      else if (sign === (inside === '{' ? '}' : ']')) open.pop()
      else return fault(`expected "," or "${inside === '{' ? '}' : ']'}", found ${found()}`)
      at++
    } else if (expects === 'name' || expects === 'name-or-}') {
      if (sign === '}' && expects === 'name-or-}') {
        open.pop()
        at++
        expects = 'after'
        continue
      }
      if (sign !== '"') return fault(`expected a name in double quotes, found ${found()}`)
      if (!string()) return fault('broken text')
      while (' \t\n\r'.includes(text[at] ?? 'x')) at++
      if (text[at] !== ':') return fault(`expected ":", found ${found()}`)
      at++
      expects = 'value'
    } else if (sign === ']' && expects === 'value-or-]') {
      open.pop()
      at++
      expects = 'after'
    } else if (sign === '{' || sign === '[') {
      open.push(sign)
      at++
      expects = sign === '{' ? 'name-or-}' : 'value-or-]'
    } else if (sign === '"') {
      if (!string()) return fault('broken text')
      expects = 'after'
    } else {
      scalar.lastIndex = at
      if (!scalar.test(text)) return fault(`unexpected ${found()}`)
      at = scalar.lastIndex
      expects = 'after'
    }
  }
}
