import type { z } from 'zod'
import type { Problem } from '#core/errors'
import { check } from '#kernel/problems'
import { schemaFaults, sideSettings, takeSecrets, unsafeOverrides, withoutSecretTexts } from '#sdk'
import type { Connector } from '#sdk'
import { connectorErrors } from './errors.ts'

/** What the schema makes of settings, or every problem; none of them quotes a secret. */
export function validateSettings(
  schema: z.ZodType,
  settings: unknown,
  at: string,
): { readonly value?: unknown; readonly problems: readonly Problem[] } {
  const { value, problems } = check(schema, settings, at)
  if (problems.length === 0) return { value, problems }
  const secrets = takeSecrets(schema, settings).secrets
  const places = [...secrets.keys()].map((place) => (place.startsWith('[') ? at + place : `${at}.${place}`))
  return {
    problems: problems.map(({ suggestion, ...problem }) => {
      // At its own place a secret of one character is struck out too.
      const minLength = places.some((place) => problem.at.startsWith(place)) ? 1 : undefined
      const clean = (sentence: string) => withoutSecretTexts(sentence, secrets.values(), minLength)
      return {
        ...problem,
        message: clean(problem.message),
        ...(suggestion === undefined ? {} : { suggestion: clean(suggestion) }),
      }
    }),
  }
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
