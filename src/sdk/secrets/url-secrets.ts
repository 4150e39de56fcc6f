/** User names and passwords in URLs of settings that are not secret. */
import { fieldStep, placeOf } from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { isRecord } from './schema-view.ts'
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
  const go = (value: unknown, steps: string): void => {
    if (typeof value === 'string') {
      const texts = credentialsIn(value)
      if (texts.length > 0) found.set(placeOf(steps), texts)
    } else if (Array.isArray(value)) value.forEach((item, index) => go(item, `${steps}[${index}]`))
    else if (isRecord(value)) for (const [name, field] of Object.entries(value)) go(field, steps + fieldStep(name))
  }
  go(maskSecrets(schema, settings), '')
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
