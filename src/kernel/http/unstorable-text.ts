import type { Problem } from '#core/errors'
import { isStorableText, storableText } from '#core/storable-text'

/** More are of no use to anybody. */
const maxProblems = 100
const maxPlaceLength = 500

/** Cheap: only JSON with one of these escapes can hold such a text. */
export function mayHoldUnstorableText(json: string): boolean {
  return /\\u(?:0000|d[89a-f])/i.test(json)
}

/**
 * A problem for each text and each name of a field, at any depth, that no store keeps: U+0000 and half of a surrogate
 * pair. It walks with a stack of its own, so depth costs no calls.
 */
export function unstorableText(value: unknown, place: string): Problem[] {
  const problems: Problem[] = []
  const open: { readonly at: string; readonly value: unknown }[] = [{ at: place, value }]
  for (let next = open.pop(); next !== undefined && problems.length < maxProblems; next = open.pop()) {
    const { at, value: found } = next
    if (typeof found === 'string') {
      if (!isStorableText(found)) problems.push(problemAt(at, found))
    } else if (Array.isArray(found)) {
      for (let index = found.length - 1; index >= 0; index -= 1)
        open.push({ at: `${at}[${index}]`, value: found[index] })
    } else if (typeof found === 'object' && found !== null) {
      for (const [name, field] of Object.entries(found).toReversed()) {
        const inner = at === '' ? storableText(name) : `${at}.${storableText(name)}`
        if (isStorableText(name)) open.push({ at: inner, value: field })
        else problems.push(problemAt(inner, name))
      }
    }
  }
  return problems
}

function problemAt(at: string, text: string): Problem {
  const what = text.includes('\0') ? 'the character U+0000' : 'half of a surrogate pair'
  return {
    at: at.slice(0, maxPlaceLength),
    code: 'unstorable_text',
    message: `This holds ${what}, which cannot be stored. Leave it out.`,
  }
}
