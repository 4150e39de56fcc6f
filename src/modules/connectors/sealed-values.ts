/** Secrets of settings in the vault. Most are texts; a number or an object is sealed as JSON, and marked so. */
import { parseJsonValue } from '#core/parse-json'
import type { Vault } from '#kernel/vault'

const jsonMark = 'json:'

export function sealValue(vault: Vault, secret: unknown, place: string): string {
  return typeof secret === 'string'
    ? vault.seal(secret, place)
    : `${jsonMark}${vault.seal(JSON.stringify(secret), place)}`
}

export function unsealValue(vault: Vault, sealed: string, place: string): unknown {
  return sealed.startsWith(jsonMark)
    ? parseJsonValue(vault.unseal(sealed.slice(jsonMark.length), place))
    : vault.unseal(sealed, place)
}
