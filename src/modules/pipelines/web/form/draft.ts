/** A pipeline while it is being written: every part may still be missing or wrong. */
import { parseJsonValue } from '#core/parse-json'
import type { Pipeline } from '../pipeline-api.ts'

export interface Part {
  readonly type: string
  readonly config: Readonly<Record<string, unknown>>
  /** Of a source or destination, whose server it names; empty while it is not chosen yet. */
  readonly connection?: string | undefined
  /** Of a source with a connection: what is read, in place of settings. */
  readonly streams?: readonly { readonly name: string }[] | undefined
}

/** A column that reaches a step. */
export interface StepColumn {
  readonly name: string
  readonly type: string
}

/** A quality rule, with its own settings beside these. */
export interface QualityRule {
  readonly type: string
  readonly severity?: string
  readonly [setting: string]: unknown
}

export interface Draft {
  readonly name: string
  readonly type: 'batch' | 'streaming'
  readonly source: Part
  readonly transformations: readonly Part[]
  readonly quality?: readonly QualityRule[] | undefined
  readonly destination: Part
  readonly schedule?: unknown
}

export const blankDraft: Draft = {
  name: '',
  type: 'batch',
  source: { type: '', config: {} },
  transformations: [],
  destination: { type: 'dataset', config: {} },
}

/** A pipeline as it is defined, without what the server adds. */
export function definitionOf(pipeline: Pipeline): Draft {
  const { name, type, source, transformations, quality, destination, schedule } = pipeline
  return {
    name,
    type,
    // The settings of a stream that is named follow from it.
    source: source.streams === undefined ? source : { ...source, config: {} },
    transformations: transformations.map((step) => ({ type: step.type, config: step.config as Part['config'] })),
    ...(quality === undefined ? {} : { quality }),
    destination,
    ...(schedule === undefined ? {} : { schedule }),
  }
}

/** With the connection that was made for one of its ends. */
export function withMade(draft: Draft, { end, connection }: Readonly<Record<string, string | undefined>>): Draft {
  if (connection === undefined || (end !== 'source' && end !== 'destination')) return draft
  const { type, config, connection: before } = draft[end]
  // Settings of its own belong to another server.
  return { ...draft, [end]: before === undefined ? { type: '', connection, config: {} } : { type, connection, config } }
}

/** What is sent: an empty schedule is none. */
export function bodyOf(draft: Draft): Draft {
  const { schedule, ...rest } = draft
  return schedule === undefined || schedule === '' ? rest : draft
}

export function isStarted(draft: Draft): boolean {
  return [draft.source, draft.destination].every(({ type, connection }) => type !== '' || connection !== undefined)
}

/** Reads the code view; a sentence when it is no draft. */
export function readDraft(text: string): Draft | string {
  try {
    const value = parseJsonValue(text) as Partial<Draft>
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'A pipeline is a JSON object.'
    return {
      ...value,
      name: typeof value.name === 'string' ? value.name : '',
      type: value.type ?? 'batch',
      source: partOf(value.source),
      transformations: Array.isArray(value.transformations) ? value.transformations.map(partOf) : [],
      destination: partOf(value.destination),
    }
  } catch (error) {
    return error instanceof Error ? `This is not JSON yet: ${error.message}` : 'This is not JSON yet.'
  }
}

function partOf(value: Partial<Part> | undefined): Part {
  return {
    ...(typeof value === 'object' ? value : {}),
    type: typeof value?.type === 'string' ? value.type : '',
    config: typeof value?.config === 'object' && value.config !== null ? value.config : {},
  }
}

/** The value at a path such as `transformations.0.config.field`. */
export function valueAt(draft: Draft, place: string): unknown {
  return place
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined,
      draft,
    )
}
