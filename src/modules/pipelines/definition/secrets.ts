/** Passwords and tokens of a definition: taken out before it is written down, put back when it runs. */
import type { Problem } from '#core/errors'
import type { PipelineSpec } from '#core/pipeline'
import type { Connectors } from '#modules/connectors'
import { secretSettings } from '#sdk'

const sides = ['source', 'destination'] as const
const hidden = '***'

/** By place, such as `source.password`. */
export type Sealed = Readonly<Record<string, string>>

export interface Earlier {
  readonly spec: PipelineSpec
  readonly sealed: Sealed
}

/** What is shown has `***` in place of secrets; `***` that comes back stands for the secret kept before. */
export function withoutSecrets(
  spec: PipelineSpec,
  seal: (secret: string, place: string) => string,
  connectors: Connectors,
  earlier?: Earlier,
): { spec: PipelineSpec; sealed: Sealed; problems: readonly Problem[] } {
  const sealed: Record<string, string> = {}
  const problems: Problem[] = []
  const shown: Record<string, PipelineSpec['source']> = {}
  for (const side of sides) {
    const part = spec[side]
    const config = { ...part.config }
    for (const name of secretNames(connectors, side, part.type)) {
      const given = config[name]
      const place = `${side}.${name}`
      if (typeof given !== 'string' || given === '') continue
      if (given !== hidden) {
        sealed[place] = seal(given, place)
      } else if (earlier?.sealed[place] !== undefined && sameServer(earlier.spec[side].config, config)) {
        sealed[place] = earlier.sealed[place]
      } else {
        problems.push({
          at: `${side}.config.${name}`,
          code: 'secret_needed',
          message: `Give "${name}" itself: ${earlier?.sealed[place] === undefined ? 'none is kept' : 'the one kept belongs to another server'}.`,
        })
      }
      config[name] = hidden
    }
    shown[side] = { ...part, config }
  }
  return { spec: { ...spec, ...shown }, sealed, problems }
}

export function withSecrets(
  spec: PipelineSpec,
  sealed: Sealed,
  unseal: (sealed: string, place: string) => string,
): PipelineSpec {
  const filled: Record<string, PipelineSpec['source']> = {}
  for (const side of sides) {
    const config = { ...spec[side].config }
    for (const [place, value] of Object.entries(sealed)) {
      const [owner, name = ''] = place.split('.')
      if (owner === side && config[name] === hidden) config[name] = unseal(value, place)
    }
    filled[side] = { ...spec[side], config }
  }
  return { ...spec, ...filled }
}

/** A secret kept for one server is not sent to another because a definition says so. */
function sameServer(before: Readonly<Record<string, unknown>>, now: Readonly<Record<string, unknown>>): boolean {
  return ['host', 'port', 'url'].every((name) => before[name] === now[name])
}

function secretNames(connectors: Connectors, side: (typeof sides)[number], type: string): readonly string[] {
  const settings = connectors.settings(side, type)
  return settings === undefined ? [] : secretSettings(settings)
}
