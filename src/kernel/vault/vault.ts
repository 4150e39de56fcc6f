/**
 * Seals secrets, so that they lie in the stores only encrypted (AES-256-GCM).
 *
 * ```ts
 * const vault = await openVault({ home: emptyFolder() })
 * const sealed = vault.seal('hunter2', 'default/orders/source.password')
 * sealed // 'mv1.…'
 * vault.unseal(sealed, 'default/orders/source.password') // 'hunter2'
 * ```
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { kernelErrors } from '../problems/errors.ts'
import { keyOf, type Key } from './key.ts'
import { keptHomeKey, makeHomeKey, masterKeyFrom } from './key-files.ts'

export interface Vault {
  /** `place` is bound into the seal: moved elsewhere, it cannot be opened. */
  seal(secret: string, place: string): string
  unseal(sealed: string, place: string): string
}

export interface VaultOptions {
  readonly home: string
  readonly masterKey?: Key | undefined
  readonly masterKeyFile?: string | undefined
}

/**
 * The master key seals where one is set, else the home's own key, which is made when it is missing.
 * A home's key still opens what it sealed after a master key is set.
 */
export async function openVault({ home, masterKey, masterKeyFile }: VaultOptions): Promise<Vault> {
  const master = masterKeyFile === undefined ? masterKey : await masterKeyFrom(masterKeyFile)
  const kept = await keptHomeKey(home)
  if (master !== undefined) return vaultOf(master, kept === undefined ? [] : [kept])
  return vaultOf(kept ?? (await makeHomeKey(home)))
}

/** A vault that ends with the process: for a house without secrets, and for tests. */
export function passingVault(): Vault {
  return vaultOf(keyOf(randomBytes(32)))
}

const prefix = 'mv1'
const nonceBytes = 12
const tagBytes = 16

/** `current` seals; `others` only open. */
export function vaultOf(current: Key, others: readonly Key[] = []): Vault {
  const keys = [current, ...others]
  return {
    seal(secret, place) {
      const nonce = randomBytes(nonceBytes)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, nonce).setAAD(Buffer.from(place))
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
      const whole = Buffer.concat([nonce, cipher.getAuthTag(), sealed])
      return [prefix, current.id, whole.toString('base64')].join('.')
    },
    unseal(sealed, place) {
      const [form, id, text] = sealed.split('.')
      if (form === prefix) {
        const key = keys.find((known) => known.id === id)
        if (key === undefined)
          throw kernelErrors.unknownKey({ id: id ?? '', known: keys.map((known) => known.id).join(', ') })
        const opened = open(key, text ?? '', place)
        if (opened === undefined) throw kernelErrors.brokenSeal({ place })
        return opened
      }
      // Seals of earlier versions name no key.
      for (const key of keys) {
        const opened = open(key, sealed, place)
        if (opened !== undefined) return opened
      }
      throw kernelErrors.brokenSeal({ place })
    },
  }
}

function open(key: Key, base64: string, place: string): string | undefined {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length < nonceBytes + tagBytes) return undefined
  try {
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(0, nonceBytes))
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(nonceBytes, nonceBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}
