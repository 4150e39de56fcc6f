import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

/** What a browser must load before the app draws anything: at most this much JavaScript, compressed. */
export const maxEntryBytes = 130_000

export interface BundleSize {
  /** The scripts that index.html names and what they import statically. */
  readonly files: readonly string[]
  readonly gzipBytes: number
}

/** Measures the entry of a built web (`dist/web`). */
export function entrySize(dist: string): BundleSize {
  const html = readFileSync(join(dist, 'index.html'), 'utf8')
  const waiting = [...html.matchAll(/<(?:script|link)\b[^>]*?\b(?:src|href)="\/app\/(assets\/[^"]+\.js)"/g)].map(
    ([, file]) => file!,
  )
  const files = new Set<string>()
  let gzipBytes = 0
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (files.has(file)) continue
    files.add(file)
    const code = readFileSync(join(dist, file), 'utf8')
    gzipBytes += gzipSync(code, { level: 9 }).byteLength
    for (const [, name] of code.matchAll(/(?:\bfrom|(?:^|[;}])import)\s*["']\.\/([\w.-]+\.js)["']/g))
      waiting.push(`assets/${name}`)
  }
  if (files.size === 0) throw new Error(`${dist}/index.html names no script of the app.`)
  return { files: [...files].toSorted(), gzipBytes }
}

/** A line about the size, and whether it is within the budget. */
export function checkEntrySize(dist: string): { readonly ok: boolean; readonly says: string } {
  const { files, gzipBytes } = entrySize(dist)
  const kb = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
  const says = `The entry of the web is ${kb(gzipBytes)} compressed, of ${kb(maxEntryBytes)} allowed (${files.length} files).`
  return gzipBytes <= maxEntryBytes
    ? { ok: true, says }
    : { ok: false, says: `${says} Load what is not needed at once with import().\n${files.join('\n')}` }
}
