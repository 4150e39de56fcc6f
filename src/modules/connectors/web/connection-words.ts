import { titleFor, type JsonSchema } from '#ui/json-schema'
import { placeTitle } from '#ui/place-title'
import type { FailureKind, Settings } from './connection-api.ts'

export function connectionPath(name: string): string {
  return `/connections/${encodeURIComponent(name)}`
}

/** The label of a place in the definition of a connection: `settings.url`. */
export function definitionTitle(place: string, settings: JsonSchema): string {
  return placeTitle(place, { properties: { settings: { ...settings, title: '' } } })
}

const kindWords: Readonly<Record<FailureKind, string>> = {
  credentials: 'The credentials are not accepted',
  permission: 'The account may not do this',
  rate_limited: 'The server accepts no more requests now',
  not_found: 'Something is not there',
  schema: 'The columns do not fit',
  data: 'The values do not fit',
  capacity: 'Too much at once',
  transient: 'The server cannot be used now',
  configuration: 'A setting is wrong',
}

export function kindText(kind: FailureKind): string {
  return kindWords[kind]
}

export interface SettingFact {
  readonly name: string
  readonly value: string
  readonly secret: boolean
}

/** The settings for people, nested ones after the name of what they are in. Secrets are only said to be there. */
export function settingFacts(schema: JsonSchema, settings: Settings): readonly SettingFact[] {
  return Object.entries(settings).flatMap(([name, value]) =>
    factsOf(titleFor(name, schema.properties?.[name] ?? {}), value),
  )
}

function factsOf(name: string, value: unknown): readonly SettingFact[] {
  if (value === '***') return [{ name, value: 'kept, not shown', secret: true }]
  if (Array.isArray(value)) return value.flatMap((item, index) => factsOf(`${name} ${index + 1}`, item))
  if (typeof value !== 'object' || value === null) return [{ name, value: String(value), secret: false }]
  return Object.entries(value).flatMap(([inner, field]) =>
    factsOf(`${name} · ${titleFor(inner, {}).toLowerCase()}`, field),
  )
}
