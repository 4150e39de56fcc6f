/** The settings of an end of a pipeline, apart by what they say: where the server is, and what is read or written there. */
import { problemAt, startingValue, type FieldProblem, type JsonSchema } from '#ui/json-schema'
import type { ConnectorItem, Side } from '../pipeline-api.ts'

type Config = Readonly<Record<string, unknown>>

export interface EndSchemas {
  /** Of the server or account; none where the connector has no server. */
  readonly connection: JsonSchema | undefined
  readonly rest: JsonSchema
}

export function endSchemas({ settings }: ConnectorItem, side: Side, throughConnection = false): EndSchemas {
  if (throughConnection) return { connection: undefined, rest: settings.connected?.[side] ?? {} }
  const schema = settings[side] ?? {}
  const names = new Set(Object.keys(settings.connection?.properties ?? {}))
  if (names.size === 0 || schema.properties === undefined) return { connection: undefined, rest: schema }
  const part = (wanted: boolean): JsonSchema => ({
    ...schema,
    properties: Object.fromEntries(
      Object.entries(schema.properties ?? {}).filter(([name]) => names.has(name) === wanted),
    ),
    required: schema.required?.filter((name) => names.has(name) === wanted) ?? [],
  })
  return { connection: part(true), rest: part(false) }
}

/** The schema without some of its settings, which something else than the form of the schema shows. */
export function withoutSettings(schema: JsonSchema, names: readonly string[]): JsonSchema {
  return {
    ...schema,
    properties: Object.fromEntries(Object.entries(schema.properties ?? {}).filter(([name]) => !names.includes(name))),
    required: schema.required?.filter((name) => !names.includes(name)) ?? [],
  }
}

/** The server names the dataset of a destination after the stream that is read, where the definition names none. */
export function namedAfterStream(schema: JsonSchema, stream: string | undefined): JsonSchema {
  const dataset = schema.properties?.['dataset']
  if (stream === undefined || dataset === undefined) return schema
  const description = `The dataset to fill; empty for “${stream}”, the name of what is read.`
  return {
    ...schema,
    properties: { ...schema.properties, dataset: { ...dataset, description, examples: [stream] } },
    required: schema.required?.filter((name) => name !== 'dataset') ?? [],
  }
}

/** Only the settings that a schema names. */
export function settingsOf(schema: JsonSchema | undefined, config: Config): Record<string, unknown> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => Object.hasOwn(schema?.properties ?? {}, name)))
}

/** What was chosen from a list, with the connection as it is; the other settings begin anew, they were those of another choice. */
export function chosenConfig(
  { connection, rest }: EndSchemas,
  config: Config,
  chosen: Config,
): Record<string, unknown> {
  const fresh = settingsOf(rest, (startingValue(rest) ?? {}) as Config)
  return { ...settingsOf(connection, config), ...fresh, ...chosen }
}

/** Whether the config names the choice. */
export function isChosen(config: Config, chosen: Config): boolean {
  return Object.entries(chosen).every(([name, value]) => JSON.stringify(config[name]) === JSON.stringify(value))
}

/** What is wrong with an end as a whole. */
export function endProblem(problems: readonly FieldProblem[], side: Side): string | undefined {
  return problemAt(problems, `${side}.type`) ?? problemAt(problems, side) ?? problemAt(problems, `${side}.config`)
}
