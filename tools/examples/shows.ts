import { AssertionError } from 'node:assert'
import { inspect } from 'node:util'

const anything = Symbol('anything')
const others = Symbol('others')
/** Spread into an object or a list: there may be more. */
const more = Object.defineProperty({ [others]: true }, Symbol.iterator, { value: () => [others].values() })

/**
 * Holds a value against what an example shows of it: a literal in which `…` matches anything. Inside a
 * text it is any text; as the last of an object or a list it means that there may be more.
 */
export function shows(actual: unknown, shown: string): void {
  if (fits(actual, read(shown))) return
  throw new AssertionError({
    message: `The example shows ${shown}\nand it gives ${inspect(actual, { depth: 8, breakLength: 110 })}`,
    stackStartFn: shows,
  })
}

function read(shown: string): unknown {
  const code = shown.replace(
    /'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`|(:\s*|^)…|…/g,
    (found, before?: string) => (before !== undefined ? `${before}anything` : found === '…' ? '...more' : found),
  )
  try {
    return new Function('anything', 'more', `return (${code})`)(anything, more)
  } catch (error) {
    throw new Error(`What the example shows is no value: ${shown}\n${(error as Error).message}`, { cause: error })
  }
}

function fits(actual: unknown, shown: unknown): boolean {
  if (shown === anything || Object.is(actual, shown)) return true
  if (typeof shown === 'string' && typeof actual === 'string') return fitsText(actual, shown)
  if (typeof shown !== 'object' || shown === null || typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(shown) !== Array.isArray(actual)) return false
  if (Array.isArray(shown)) {
    const open = shown.at(-1) === others
    const known = open ? shown.slice(0, -1) : shown
    const items = actual as readonly unknown[]
    return (
      (open ? items.length >= known.length : items.length === known.length) &&
      known.every((item, at) => fits(items[at], item))
    )
  }
  const [given, wanted] = [present(actual), present(shown)]
  return (
    (others in shown || given.size === wanted.size) &&
    [...wanted].every(([key, value]) => given.has(key) && fits(given.get(key), value))
  )
}

function fitsText(actual: string, shown: string): boolean {
  const parts = shown.split('…').map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
  return new RegExp(`^${parts.join('[^]*')}$`).test(actual)
}

function present(value: object): Map<string, unknown> {
  return new Map(Object.entries(value).filter(([, field]) => field !== undefined))
}
