import type { Readable } from 'node:stream'

/**
 * Objects with checksums. Keys are `/`-separated names; `..`, empty parts and absolute paths are refused.
 *
 * ```ts
 * await ports.blobs.put('reports/november.csv', Buffer.from('day,orders')) // { bytes: 10, sha256: '…', … }
 * const bytes = await (await ports.blobs.get('reports/november.csv', { from: 4 })).toArray()
 * Buffer.concat(bytes).toString() // 'orders'
 * ```
 */
export interface Blobs {
  /** Visible all at once or not at all; answers what was stored. */
  put(key: string, body: Readable | Uint8Array): Promise<BlobInfo>
  /** `to` is not part of the range any more; an empty range is refused. */
  get(key: string, range?: { from: number; to?: number }): Promise<Readable>
  head(key: string): Promise<BlobInfo | undefined>
  /** In order of key; ends by itself. */
  list(prefix: string): AsyncIterable<BlobInfo>
  delete(key: string): Promise<void>
  close(): Promise<void>
}

export interface BlobInfo {
  readonly key: string
  readonly bytes: number
  readonly sha256: string
  readonly modifiedAt: number
}
