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
// eslint-disable-next-line no-control-regex -- JSON forbids these characters inside strings
const stringBody = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y

/** Walks the grammar with a stack of its own, so depth costs no calls. */
function firstFault(text: string): { offset: number; reason: string } {
  const open: ('{' | '[')[] = []
  let at = 0
  let expects: 'value' | 'value-or-]' | 'name' | 'name-or-}' | 'after' = 'value'
  const fault = (reason: string) => ({ offset: at, reason: at >= text.length ? 'the text ends too early' : reason })
  const found = () => `${JSON.stringify(text[at] ?? '')}`

  const string = (): boolean => {
    stringBody.lastIndex = at + 1
    stringBody.test(text)
    at = stringBody.lastIndex || at + 1
    if (text[at] !== '"') return false
    at++
    return true
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
