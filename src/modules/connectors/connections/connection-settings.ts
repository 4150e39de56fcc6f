/** The settings of a connection: checked, and parted from their secrets. */
import type { z } from 'zod'
import type { Problem } from '#core/errors'
import type { Vault } from '#kernel/vault'
import { fillSecrets, keepSecrets, maskSecrets, takeSecrets } from '#sdk'
import type { Connector } from '#sdk'
import type { Catalogue } from '../catalogue.ts'
import { connectorErrors } from '../errors.ts'
import { sealValue, unsealValue } from '../sealed-values.ts'
import { validateSettings } from '../settings-validation.ts'

export interface StoredSettings {
  readonly settings: Readonly<Record<string, unknown>>
  /** By place, such as `auth.token`. */
  readonly secrets: Readonly<Record<string, string>>
}

export interface ConnectionKey {
  readonly workspace: string
  readonly name: string
  readonly type: string
}

export interface ConnectionSettings {
  /** To be stored. Rejects with every problem, also of a secret of `kept` that may not be used with what is given. */
  seal(key: ConnectionKey, given: Readonly<Record<string, unknown>>, kept?: StoredSettings): StoredSettings
  /** What is stored, as the connector writes it today, with what became a secret meanwhile sealed. */
  sealStored(key: ConnectionKey, stored: StoredSettings): StoredSettings
  /** As the connector takes them, secrets included. */
  open(key: ConnectionKey, stored: StoredSettings): unknown
  /** With the settings of the connection as they were given, secrets included. */
  filled(key: ConnectionKey, stored: StoredSettings): Readonly<Record<string, unknown>>
  show(type: string, settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>
}

export function connectionSettings(all: Catalogue, vault: Vault): ConnectionSettings {
  const schemaOf = (type: string): z.ZodType => {
    const schema = all.find(type)?.connection?.settings
    if (schema === undefined) throw invalid(type, [noConnection(all, type)])
    return schema
  }
  const placeOf =
    ({ workspace, name }: ConnectionKey) =>
    (place: string) =>
      `${workspace}/connections/${name}/${place}`
  const openAt =
    (key: ConnectionKey, { secrets }: StoredSettings) =>
    (place: string) => {
      const sealed = Object.hasOwn(secrets, place) ? secrets[place] : undefined
      return sealed === undefined ? undefined : unsealValue(vault, sealed, placeOf(key)(place))
    }
  const filled = (key: ConnectionKey, stored: StoredSettings) =>
    fillSecrets(stored.settings, openAt(key, stored)) as Record<string, unknown>
  const sealed = (key: ConnectionKey, schema: z.ZodType, settings: unknown): StoredSettings => {
    const { value, secrets } = takeSecrets(schema, settings)
    const texts = [...secrets].map(([place, secret]) => [place, sealValue(vault, secret, placeOf(key)(place))])
    return { settings: value as Record<string, unknown>, secrets: Object.fromEntries(texts) }
  }

  return {
    seal(key, given, kept) {
      const schema = schemaOf(key.type)
      const { settings, problems: needed } = keepSecrets({
        schema,
        given,
        ...(kept === undefined
          ? {}
          : { kept: { settings: kept.settings, places: Object.keys(kept.secrets), open: openAt(key, kept) } }),
      })
      const secretProblems = needed.map((problem) => ({ ...problem, at: inSettings(problem.at) }))
      const { problems } = validateSettings(schema, settings, 'settings')
      const others = problems.filter(({ at }) => secretProblems.every((secret) => secret.at !== at))
      if (others.length + secretProblems.length > 0) throw invalid(key.type, [...others, ...secretProblems])
      return sealed(key, schema, settings)
    },
    sealStored(key, stored) {
      const schema = all.find(key.type)?.connection?.settings
      if (schema === undefined) return stored
      const { settings, secrets } = sealed(key, schema, all.upgrade(key.type, stored.settings))
      return { settings, secrets: { ...stored.secrets, ...secrets } }
    },
    filled,
    open(key, stored) {
      const { value, problems } = validateSettings(schemaOf(key.type), filled(key, stored), 'settings')
      if (problems.length > 0) throw invalid(key.type, problems)
      return value
    },
    show(type, settings) {
      // Of a connector that is not there any more nobody knows what is a secret; all in clear was sealed when it was.
      const schema = all.find(type)?.connection?.settings
      return schema === undefined ? settings : (maskSecrets(schema, settings) as Record<string, unknown>)
    },
  }
}

function inSettings(place: string): string {
  return place.startsWith('[') ? `settings${place}` : `settings.${place}`
}

function invalid(type: string, problems: readonly Problem[]): Error {
  return connectorErrors.settings({ type }, { problems })
}

function noConnection(all: Catalogue, type: string): Problem {
  const able = all.list().filter(({ connection }) => connection !== undefined)
  const names = able.map((connector: Connector) => `"${connector.type}"`).join(', ')
  const message =
    all.find(type) === undefined
      ? `There is no connector "${type}"; connections can be made of ${names}.`
      : `The connector "${type}" needs no connection; connections can be made of ${names}.`
  return { at: 'type', code: 'unknown_connector', message }
}
