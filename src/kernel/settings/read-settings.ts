import type { z } from 'zod'
import { check } from '../problems/problems.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** A setting that is not valid stops the start, with one sentence per setting. */
export class WrongSetting extends Error {
  override readonly name = 'WrongSetting'
}

/** A name that ends in `_FILE` holds a path, not the secret. */
const secret = /TOKEN|KEY(?!.*_FILE$)|SECRET|PASSWORD/

/** What a schema over environment variables makes of the environment. An empty variable counts as unset. */
export function readSettings<S extends z.ZodType>(schema: S, environment: Environment): z.output<S> {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== undefined && value !== ''))
  const { value, problems } = check(schema, set)
  if (problems.length === 0) return value as z.output<S>
  const sentences = problems.map(({ at, message }) => {
    const name = at.split(/[.[]/, 1)[0] ?? at
    const found = set[name]
    if (found === undefined) return `The setting ${name} is missing. ${message}`
    if (secret.test(name)) return `The setting ${name} is not valid; its value is a secret and not shown. ${message}`
    return `The setting ${name} is "${withoutPassword(found)}", which is not valid. ${message}`
  })
  throw new WrongSetting(sentences.join('\n'))
}

/** URLs carry passwords. */
export function withoutPassword(value: string): string {
  return value.replace(/(:\/\/[^:/@\s]*:)[^@\s]*@/, '$1…@')
}
