import type { FlowStep } from '#ui/flow-shape'
import { conditionsOf, operatorWord, valueText, type Comparison } from './form/conditions.ts'
import type { PipelineDefinition, Run, RunStep } from './pipeline-api.ts'

type Config = Readonly<Record<string, unknown>>
type FlowDefinition = Pick<PipelineDefinition, 'type' | 'source' | 'transformations' | 'quality' | 'destination'>

/** The steps of a pipeline as a flow, with what the run says of each. */
export function flowOf(definition: FlowDefinition, run: Run | undefined): FlowStep[] {
  const { source, transformations, quality, destination } = definition
  const middle = transformations.map(({ type, config }, index) => ({
    id: `step-${index + 1}`,
    title: wordFor(type),
    about: aboutStep(config as Config),
  }))
  const check =
    quality === undefined || quality.length === 0
      ? []
      : [{ id: 'check', title: 'Check', about: `${quality.length} ${quality.length === 1 ? 'rule' : 'rules'}` }]
  const plain = [
    { id: 'source', title: wordFor(source.type), about: aboutStep(source.config) },
    ...middle,
    ...check,
    { id: 'destination', title: wordFor(destination.type), about: aboutStep(destination.config) },
  ]
  // A streaming run goes through its steps again and again: only its sums over all parts say something.
  const streams = definition.type === 'streaming'
  const aside = run?.rows.quarantined ?? 0
  const falls = check.length > 0 ? 'check' : 'destination'
  return plain.map((step, index) => {
    const runStep = run === undefined ? undefined : stepOf(run, step.id, index, plain.length)
    const rows = rowsAt(step.id, streams ? undefined : runStep, run)
    return {
      ...step,
      state: streams && run?.status === 'running' ? 'running' : stateOf(runStep, run),
      ...(rows === undefined ? {} : { rowsOut: rows }),
      ...(step.id === falls && aside > 0 ? { aside } : {}),
    }
  })
}

function stepOf(run: Run, id: string, index: number, count: number): RunStep | undefined {
  if (run.steps.length === count) return run.steps[index]
  if (id === 'source') return run.steps[0]
  if (id === 'destination') return run.steps.at(-1)
  return run.steps[index]
}

function rowsAt(id: string, runStep: RunStep | undefined, run: Run | undefined): number | undefined {
  if (run === undefined) return undefined
  if (id === 'destination') return run.rows.written
  if (runStep?.rows !== null && runStep?.rows !== undefined) return runStep.rows
  return id === 'source' && run.rows.read > 0 ? run.rows.read : undefined
}

function stateOf(runStep: RunStep | undefined, run: Run | undefined): FlowStep['state'] {
  if (run === undefined) return 'idle'
  const status = runStep?.status ?? (run.status === 'succeeded' ? 'succeeded' : 'waiting')
  if (status === 'running') return run.status === 'running' ? 'running' : 'failed'
  if (status === 'succeeded') return 'done'
  if (status === 'failed' || status === 'skipped') return status
  return run.status === 'queued' || run.status === 'running' ? 'waiting' : 'skipped'
}

const words: Readonly<Record<string, string>> = { http: 'HTTP', postgresql: 'PostgreSQL', sql: 'SQL' }

export function wordFor(type: string): string {
  return words[type] ?? type.charAt(0).toUpperCase() + type.slice(1).replaceAll(/[_-]/g, ' ')
}

/** The one setting that says most. */
export function aboutStep(config: Config): string | undefined {
  const conditions = conditionsOf(config)
  if (conditions !== undefined && conditions.comparisons[0]?.field !== '')
    return conditions.comparisons.map(comparisonText).join(` ${conditions.join} `)
  for (const name of ['dataset', 'table', 'stream', 'path', 'url', 'expression', 'filter', 'sql', 'query']) {
    const value = config[name]
    if (typeof value === 'string' && value !== '') return value
  }
  for (const [name, word] of Object.entries(wordsOf)) {
    const names = config[name]
    const listed = Array.isArray(names) ? names : typeof names === 'object' && names !== null ? Object.keys(names) : []
    if (listed.length > 0) return `${word} ${listed.join(', ')}`
  }
  return undefined
}

const wordsOf: Readonly<Record<string, string>> = {
  compute: 'compute',
  rename: 'rename',
  cast: 'cast',
  drop: 'leave out',
  select: 'keep',
  by: 'by',
}

function comparisonText({ field, operator, value }: Comparison): string {
  return `${field} ${operatorWord(operator)} ${valueText(value)}`.trim()
}
