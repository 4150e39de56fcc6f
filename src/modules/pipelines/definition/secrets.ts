/** Passwords and tokens of a definition: taken out before it is written down, put back when it runs. */
import type { Problem } from '#core/errors'
import type { PipelineSpec } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import { fillSecrets, keepSecrets, takeSecrets } from '#sdk'

export const sides = ['source', 'destination'] as const
export type Side = (typeof sides)[number]

/** By place, such as `source.password`. */
export type Sealed = Readonly<Record<string, string>>

export interface Earlier {
  readonly spec: PipelineSpec
  readonly sealed: Sealed
}

export interface KeptDefinition extends Earlier {
  readonly box: SecretBox
}

/** For one pipeline: what it sealed opens nowhere else. */
export interface SecretBox {
  seal(secret: unknown, place: string): string
  unseal(sealed: string, place: string): unknown
}

/** The definition has `***` in place of each secret. */
export function sealSecrets(
  spec: PipelineSpec,
  connectors: Connectors,
  box: SecretBox,
): { readonly spec: PipelineSpec; readonly sealed: Sealed } {
  const sealed: Record<string, string> = {}
  const shown: { source?: PipelineSpec['source']; destination?: PipelineSpec['destination'] } = {}
  for (const side of sides) {
    const schema = connectors.settings(side, spec[side].type)
    if (schema === undefined) continue
    const { value, secrets } = takeSecrets(schema, spec[side].config)
    for (const [place, secret] of secrets) sealed[within(side, place)] = box.seal(secret, within(side, place))
    shown[side] = { ...spec[side], config: value as Record<string, unknown> }
  }
  return { spec: { ...spec, ...shown }, sealed }
}

/** A body, whatever it is, in which `***` became the secret that is kept; a problem where none may be used. */
export function withKeptSecrets(
  body: unknown,
  connectors: Connectors,
  earlier: KeptDefinition | undefined,
): { readonly body: unknown; readonly problems: readonly Problem[] } {
  if (!isRecord(body)) return { body, problems: [] }
  const filled: Record<string, unknown> = { ...body }
  const problems: Problem[] = []
  for (const side of sides) {
    const given = body[side]
    if (!isRecord(given) || typeof given['type'] !== 'string') continue
    const schema = connectors.settings(side, given['type'])
    if (schema === undefined) continue
    const { settings, problems: some } = keepSecrets({
      schema,
      given: given['config'],
      ...(earlier?.spec[side].type === given['type'] && earlier.spec[side].connection === given['connection']
        ? { kept: keptOf(side, earlier, earlier.box) }
        : {}),
    })
    filled[side] = { ...given, ...(settings === undefined ? {} : { config: settings }) }
    problems.push(...some.map((problem) => ({ ...problem, at: within(`${side}.config`, problem.at) })))
  }
  return { body: filled, problems }
}

export function withSecrets(spec: PipelineSpec, sealed: Sealed, box: SecretBox): PipelineSpec {
  const filled = sides.map((side) => {
    const { places, open } = keptOf(side, { spec, sealed }, box)
    const config = fillSecrets(spec[side].config, (place) => (places.includes(place) ? open(place) : undefined))
    return [side, { ...spec[side], config: config as Record<string, unknown> }] as const
  })
  return { ...spec, ...Object.fromEntries(filled) }
}

function keptOf(side: Side, { spec, sealed }: Earlier, box: SecretBox) {
  const places = Object.keys(sealed).flatMap((place) => placesWithin(side, place))
  return {
    settings: spec[side].config,
    places,
    open: (place: string) => box.unseal(sealed[within(side, place)] ?? '', within(side, place)),
  }
}

function within(outer: string, place: string): string {
  return place === '' || place.startsWith('[') ? `${outer}${place}` : `${outer}.${place}`
}

function placesWithin(side: Side, place: string): readonly string[] {
  if (!place.startsWith(side)) return []
  const rest = place.slice(side.length)
  return rest.startsWith('.') ? [rest.slice(1)] : rest.startsWith('[') ? [rest] : []
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
