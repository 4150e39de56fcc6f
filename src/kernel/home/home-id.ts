/** How a server on shared stores knows that it is the next one of the same home, and not that of a copy. */
import { createHash, randomUUID } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

export const homeIdFile = 'home.id'

/**
 * Call it while holding the home's lock. The id in the home alone would be the same in a copy, whose
 * lock is another; so the identity also holds which file the lock is, and on which boot of which machine.
 */
export function homeIdentity(home: string): string {
  const file = join(home, homeIdFile)
  if (!existsSync(file)) writeFileSync(file, `${randomUUID()}\n`, { mode: 0o600, flush: true })
  const { dev, ino } = statSync(join(home, 'lock'))
  return createHash('sha256')
    .update(JSON.stringify([readFileSync(file, 'utf8').trim(), bootOfMachine(), dev, ino]))
    .digest('hex')
}

function bootOfMachine(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return hostname()
  }
}
