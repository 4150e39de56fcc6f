import { createHash } from 'node:crypto'

/** A key of 32 bytes. Its id names it in seals and sentences and tells nothing about it. */
export interface Key {
  readonly id: string
  readonly bytes: Buffer
}

export function keyOf(bytes: Buffer): Key {
  const id = createHash('sha256').update('millrace key id\0').update(bytes).digest('hex').slice(0, 12)
  return { id, bytes }
}

/** Random keys have about 30 different bytes; fewer than 12 means a pattern. */
const MIN_DIFFERENT_BYTES = 12

/** 32 bytes as hex, base64 or base64url; undefined where the text is none of them or the bytes are a pattern. */
export function parseKey(text: string): Key | undefined {
  const written = text.trim()
  const bytes = /^[0-9a-f]{64}$/i.test(written)
    ? Buffer.from(written, 'hex')
    : /^[\w+/-]{43}=?$/.test(written)
      ? Buffer.from(written, 'base64')
      : undefined
  return bytes?.length === 32 && new Set(bytes).size >= MIN_DIFFERENT_BYTES ? keyOf(bytes) : undefined
}

export const keyForm = '32 random bytes as base64 or hex, such as "openssl rand -base64 32" prints'
