/** User names and passwords in URLs of settings that are not secret. */
import type { Schema } from './schema-parts.ts'
import { eachText } from './each-text.ts'
import { maskSecrets } from './secret-values.ts'

/**
 * The texts that must not be shown, by the place of the URL that holds them.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * secretsInUrls(z.object({ url: z.url() }), { url: 'https://ann:hunter2@shop.example/' }) // Map { 'url' => ['ann:hunter2', …] }
 * ```
 */
export function secretsInUrls(schema: Schema, settings: unknown): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  eachText(schema, maskSecrets(schema, settings), (text, place) => {
    const texts = credentialsIn(text)
    if (texts.length > 0) found.set(place, texts)
  })
  return found
}

/** Parsers of URLs skip tabs and line breaks, so they may be anywhere. */
const scheme = /^\s*[a-z][a-z\d+.\t\r\n-]*:/i
const authority = /^[^/\\?#]*:[/\\]{2,}([^/\\?#]*)@/

function credentialsIn(text: string): readonly string[] {
  if (!text.includes('@') || !scheme.test(text)) return []
  const url = URL.parse(text)
  // What no parser takes for a URL may still be a mistyped one with a password.
  const written = authority.exec(text.replaceAll(/[\t\r\n]/g, ''))?.[1]
  const texts = url === null ? [written] : [url.username, url.password]
  if (!texts.some(Boolean)) return []
  return [...new Set([written, ...(written?.split(':') ?? []), ...texts].filter((each) => each !== undefined))].filter(
    (each) => each !== '',
  )
}
