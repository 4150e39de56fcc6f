import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits, with a beginning that scanners for leaked secrets can look for. */
export function makeSecret(prefix: 'mr' | 'ms' | 'mc'): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** What is kept and looked up instead of a secret. */
export function digest(secret: string): string {
  return hash('sha256', secret, 'base64url')
}

/** The guard of a session follows from its secret, so nothing more is kept. */
export function csrfOf(sessionSecret: string): string {
  return digest(`csrf of ${sessionSecret}`)
}

/** Takes as long for a near miss as for any other. */
export function sameSecret(given: string, expected: string): boolean {
  return timingSafeEqual(Buffer.from(digest(given)), Buffer.from(digest(expected)))
}
