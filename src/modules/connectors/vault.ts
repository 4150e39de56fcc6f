/** Seals secrets with a key that stays in the home, readable by its owner only. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'

export interface Vault {
  /** `place` is bound into the seal: moved elsewhere, it cannot be opened. */
  seal(secret: string, place: string): string
  unseal(sealed: string, place: string): string
}

export async function openVault(home: string): Promise<Vault> {
  const key = await keyOf(home)
  return {
    seal: (secret, place) => {
      const nonce = randomBytes(12)
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString('base64')
    },
    unseal: (sealed, place) => {
      const bytes = Buffer.from(sealed, 'base64')
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12))
        .setAAD(Buffer.from(place))
        .setAuthTag(bytes.subarray(12, 28))
      return Buffer.concat([decipher.update(bytes.subarray(28)), decipher.final()]).toString('utf8')
    },
  }
}

async function keyOf(home: string): Promise<Buffer> {
  const path = join(home, 'secrets.key')
  await mkdir(home, { recursive: true })
  const there = await readFile(path).catch(() => undefined)
  if (there !== undefined) {
    await chmod(path, 0o600)
    return Buffer.from(there.toString('utf8').trim(), 'base64')
  }
  // Written aside and linked, so that a crash never leaves half a key.
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  const handle = await open(fresh, 'wx', 0o600)
  await handle.writeFile(randomBytes(32).toString('base64'))
  await handle.sync()
  await handle.close()
  await link(fresh, path).catch(() => undefined)
  await rm(fresh)
  return keyOf(home)
}
