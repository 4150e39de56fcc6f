import type { FieldProblem, JsonSchema } from './json-schema.ts'

export interface FieldProps {
  readonly name: string
  readonly schema: JsonSchema
  readonly value: unknown
  readonly required: boolean
  /** The path of the value in the definition: `source.config.path`. */
  readonly place: string
  readonly problems: readonly FieldProblem[]
  readonly onChange: (value: unknown) => void
  /** Names to offer while typing, for fields that name a column. */
  readonly columns?: readonly string[] | undefined
}

export interface FormProps {
  readonly schema: JsonSchema
  readonly value: Readonly<Record<string, unknown>>
  readonly onChange: (value: Record<string, unknown>) => void
  readonly place: string
  readonly problems: readonly FieldProblem[]
  readonly columns?: readonly string[] | undefined
  /** A value as it may look: says which of several forms to begin with. */
  readonly example?: unknown
}
