import { createHash } from 'node:crypto'
import type { Schema } from './schema-parts.ts'
import { secretPlaces } from './secret-values.ts'

/** Changes when one of the schemas declares other secrets: what is stored must then be sealed again. */
export function secretsFingerprint(schemas: Iterable<readonly [name: string, schema: Schema]>): string {
  const declared = [...schemas].map(([name, schema]) => [name, secretPlaces(schema)])
  return createHash('sha256').update(JSON.stringify(declared)).digest('hex').slice(0, 16)
}
