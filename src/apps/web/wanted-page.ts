/** The page that was asked for before sign-in: a one-time link from the terminal does not know it. */
import { parseJsonValue } from '#core/parse-json'

const key = 'millrace.wanted'
const keptMs = 15 * 60_000

interface Kept {
  readonly href: string
  readonly at: number
}

/** Keeps it for the tab in which the one-time link is opened, which is another one. */
export function keepWantedPage(href: string, now = Date.now(), storage: Storage = localStorage): void {
  storage.setItem(key, JSON.stringify({ href, at: now } satisfies Kept))
}

/** The page that was wanted within the last quarter of an hour, once. */
export function takeWantedPage(now = Date.now(), storage: Storage = localStorage): string | undefined {
  const text = storage.getItem(key)
  storage.removeItem(key)
  try {
    const { href, at } = parseJsonValue(text ?? '') as Partial<Kept>
    return typeof href === 'string' && typeof at === 'number' && now - at < keptMs ? href : undefined
  } catch {
    return undefined
  }
}
