/** What keeps a schema from being used for settings: places where a secret could pass unseen. */
import {
  containerTypes,
  containsSecret,
  definitionOf,
  isSchema,
  leafTypes,
  placeOf,
  visitSchemas,
  wrapperTypes,
} from './schema-parts.ts'
import type { Schema } from './schema-parts.ts'
import { viewOf } from './schema-view.ts'

export interface SchemaFault {
  /** As in `auth.token`; empty for the whole. */
  readonly at: string
  /** `is a function, …` */
  readonly because: string
}

const others: ReadonlySet<string> = new Set(['union', 'intersection', 'pipe', 'lazy', 'template_literal'])

/**
 * Every reason why secrets in values of this schema cannot all be found.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * schemaFaults(z.object({ token: secretText({ title: 'Token', description: 'For the server.' }) })) // []
 * schemaFaults(z.object({ later: z.promise(z.string()) })) // [{ at: 'later', because: '…' }]
 * ```
 */
export function schemaFaults(root: unknown): readonly SchemaFault[] {
  if (!isSchema(root)) return [{ at: '', because: 'is not a schema of zod 4' }]
  const faults: SchemaFault[] = []
  const fault = (steps: string, because: string): void => void faults.push({ at: placeOf(steps), because })
  visitSchemas(
    root,
    (schema, steps) => {
      if (!isSchema(schema)) {
        fault(steps, 'is not a schema of zod 4')
        return 'leave'
      }
      const { type, keyType } = definitionOf(schema)
      if (!wrapperTypes.has(type) && !containerTypes.has(type) && !leafTypes.has(type) && !others.has(type)) {
        fault(steps, `has the type "${type}", which no setting can have`)
        return 'leave'
      }
      if (keyType !== undefined && containsSecret(keyType)) fault(steps, 'has secrets as keys')
      if (checksSecrets(schema)) fault(steps, 'declares a secret inside a check, not in its shape')
      return undefined
    },
    (steps) => fault(steps, 'nests too deeply'),
  )
  if (faults.length === 0 && viewOf([root], undefined).secret) fault('', 'is one secret as a whole')
  return faults
}

/** `z.property('token', secretText(…))`: the shape does not show it. */
function checksSecrets(schema: Schema): boolean {
  return (definitionOf(schema).checks ?? []).some((check) => {
    const held = Object.values(check._zod?.def ?? {}).flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null && !isSchema(value) ? Object.values(value) : [value],
    )
    // A schema may itself be used as a check (`z.string().check(z.trim())` and the like).
    return held.some((value) => isSchema(value) && value !== schema && containsSecret(value))
  })
}
