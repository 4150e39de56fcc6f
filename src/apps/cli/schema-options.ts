import { Option } from 'commander'
import { z } from 'zod'
import { parseJsonValue } from '#core/parse-json'

/** What the command line knows of one field of a schema. */
export interface FieldOption {
  readonly field: string
  readonly option: Option
  /** The typed words as the value that the API takes. */
  read(given: unknown): unknown
}

interface FieldSchema {
  readonly type?: string
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly default?: unknown
  readonly items?: FieldSchema
}

/** Options for the fields of an object schema whose values can be typed as words; the others need `--data` or `--file`. */
export function fieldOptions(schema: z.ZodType | undefined, usedNames: ReadonlySet<string>): FieldOption[] {
  if (!schema) return []
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, FieldSchema>
  }
  return Object.entries(properties).flatMap(([field, fieldSchema]) => {
    const name = field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    if (usedNames.has(name) || !/^[a-z][\w-]*$/.test(name)) return []
    const made = fieldOption(field, name, fieldSchema)
    return made ? [made] : []
  })
}

function fieldOption(field: string, name: string, schema: FieldSchema): FieldOption | undefined {
  const about = [schema.description, schema.default !== undefined && `default: ${JSON.stringify(schema.default)}`]
    .filter(Boolean)
    .join('; ')
  const option = (flags: string) => new Option(`--${flags}`, about)
  switch (schema.type) {
    case 'boolean':
      return {
        field,
        option: option(`${name} [yes-or-no]`).choices(['true', 'false']).preset('true'),
        read: (given) => given === true || given === 'true',
      }
    case 'integer':
    case 'number':
      return {
        field,
        option: option(`${name} <number>`),
        read: (given) => (Number.isNaN(Number(given)) ? given : Number(given)),
      }
    case 'string': {
      const made = option(`${name} <${schema.enum ? 'choice' : 'text'}>`)
      if (schema.enum) made.choices(schema.enum.map(String))
      return { field, option: made, read: (given) => given }
    }
    case 'array':
      if (schema.items?.type !== 'string') return undefined
      return { field, option: option(`${name} <list>`), read: (given) => String(given).split(',').filter(Boolean) }
    case undefined:
      // A value of any kind, or one of several: read as JSON where it is some, as text otherwise.
      return { field, option: option(`${name} <value>`), read: jsonOrText }
    default:
      return undefined
  }
}

function jsonOrText(given: unknown): unknown {
  try {
    return parseJsonValue(String(given))
  } catch {
    return given
  }
}

/** Commander's name for an option's value. */
export function givenValue(options: Readonly<Record<string, unknown>>, { option }: FieldOption): unknown {
  return options[option.attributeName()]
}
