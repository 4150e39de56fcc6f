import type { z } from 'zod'
import type { Problem } from '#core/errors'
import { check } from '#kernel/problems'
import {
  misplacedSecrets,
  schemaFaults,
  secretPlaces,
  secretsInUrls,
  sideSettings,
  takeSecrets,
  unsafeOverrides,
  withoutSecretTexts,
} from '#sdk'
import type { Connector } from '#sdk'
import { connectorErrors } from './errors.ts'

/** What the schema makes of settings, or every problem; none of them quotes a secret. */
export function validateSettings(
  schema: z.ZodType,
  settings: unknown,
  at: string,
): { readonly value?: unknown; readonly problems: readonly Problem[] } {
  const { value, problems } = check(schema, settings, at)
  const urls = secretsInUrls(schema, settings)
  if (problems.length === 0 && urls.size === 0) return { value, problems }
  const within = (place: string) => (place.startsWith('[') ? at + place : `${at}.${place}`)
  const secrets = takeSecrets(schema, settings).secrets
  const misplaced = misplacedSecrets(schema, settings)
  const places = [...secrets.keys(), ...urls.keys(), ...misplaced.keys()].map(within)
  const texts = [...secrets.values(), ...urls.values(), ...misplaced.values()]
  const inUrls = [...urls.keys()].map((place) => inUrl(schema, within(place)))
  const others = problems.filter((problem) => inUrls.every((url) => url.at !== problem.at))
  return {
    problems: [
      ...inUrls,
      ...others.map(({ suggestion, ...problem }) => {
        // At its own place a secret of one character is struck out too.
        const minLength = places.some((place) => problem.at.startsWith(place)) ? 1 : undefined
        const clean = (sentence: string) => withoutSecretTexts(sentence, texts, minLength)
        return {
          ...problem,
          message: clean(problem.message),
          ...(suggestion === undefined ? {} : { suggestion: clean(suggestion) }),
        }
      }),
    ],
  }
}

function inUrl(schema: z.ZodType, at: string): Problem {
  const places = secretPlaces(schema).map((place) => `"${place}"`)
  const instead = places.length === 0 ? '' : ` Settings that are stored sealed: ${places.join(', ')}.`
  const message = `Take the user name and the password out of this URL: it is stored and shown in clear.${instead}`
  return { at, code: 'secret_in_url', message }
}

/** Settings in which a secret could pass unseen stop the start. */
export function refuseHiddenSecrets(connectors: readonly Connector[]): void {
  for (const connector of connectors) {
    const parts = {
      connection: connector.connection?.settings,
      source: sideSettings(connector, 'source'),
      destination: sideSettings(connector, 'destination'),
    }
    for (const [part, schema] of Object.entries(parts)) {
      const [fault] = schema === undefined ? [] : schemaFaults(schema)
      if (fault !== undefined)
        throw connectorErrors.schema({
          type: connector.type,
          place: [part, fault.at].filter(Boolean).join('.'),
          because: fault.because,
        })
    }
  }
}

/** A setting by which a pipeline could send the secrets of a connection elsewhere stops the start. */
export function refuseUnsafeOverrides(connectors: readonly Connector[]): void {
  for (const connector of connectors)
    for (const side of ['source', 'destination'] as const) {
      const [name] = unsafeOverrides(connector, side)
      if (name !== undefined) throw connectorErrors.unsafe_override({ type: connector.type, side, name })
    }
}
