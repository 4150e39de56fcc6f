import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** The token that is set, else the one kept in the home, else a new one; the file always holds the one that counts. */
export function adminToken(home: string, set: string | undefined): string {
  const file = adminTokenFile(home)
  const kept = existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
  const token = set ?? (kept || `mr_${randomBytes(32).toString('base64url')}`)
  if (token !== kept) writeFileSync(file, `${token}\n`, { mode: 0o600, flush: true })
  chmodSync(file, 0o600)
  return token
}

export function adminTokenFile(home: string): string {
  return join(home, 'admin.token')
}
