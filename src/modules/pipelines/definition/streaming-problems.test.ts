import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectors } from '#connectors'
import type { PipelineSpec } from '#core/pipeline'
import { validateStep } from '../steps/catalogue.ts'
import { streamingProblems } from './streaming-problems.ts'

const end = (type: string, settings: object) => ({
  connector: connectors.find((one) => one.type === type)!,
  settings,
  problems: [] as const,
})
const aggregate = validateStep(
  { type: 'aggregate', config: { measures: { n: { type: 'count' } } } },
  'transformations[0]',
)
const filter = validateStep({ type: 'filter', config: 'n > 1' }, 'transformations[1]')
const spec = (type: 'batch' | 'streaming'): PipelineSpec => ({
  name: 'p',
  type,
  source: { type: 'stream', config: {} },
  destination: { type: 'dataset', config: {} },
  transformations: [],
})
const problemsOf = (type: 'batch' | 'streaming', source: string, destination: string, mode: string): string[] =>
  streamingProblems(spec(type), end(source, {}), end(destination, { mode }), [aggregate, filter]).map(
    ({ at, code }) => `${at} ${code}`,
  )

test('a streaming pipeline neither gathers nor replaces, as it would do so slice by slice', () => {
  for (const destination of ['dataset', 'postgresql'])
    assert.deepEqual(problemsOf('streaming', 'stream', destination, 'overwrite'), [
      'destination.config.mode replaces_slices',
      'transformations[0].type gathers_slices',
    ])
  for (const mode of ['append', 'merge'])
    assert.deepEqual(problemsOf('streaming', 'stream', 'dataset', mode), ['transformations[0].type gathers_slices'])
})

test('it reads endless sources and writes destinations that can be written in parts', () => {
  assert.deepEqual(problemsOf('streaming', 'file', 'file', 'overwrite').slice(0, 2), [
    'source.type not_continuous',
    'destination.type not_continuous',
  ])
})

test('a batch may do all of it', () => {
  assert.deepEqual(problemsOf('batch', 'file', 'dataset', 'overwrite'), [])
})

test('neither a batch nor a streaming pipeline writes into the stream that it reads', () => {
  const problems = (type: 'batch' | 'streaming', dataset: string) =>
    streamingProblems(spec(type), end('stream', { stream: 'a' }), end('dataset', { dataset }), []).map(
      ({ at, code }) => `${at} ${code}`,
    )
  assert.deepEqual(problems('streaming', 'a'), ['destination.config reads_itself'])
  assert.deepEqual(problems('streaming', 'b'), [])
  assert.deepEqual(problems('batch', 'a'), ['destination.config reads_itself'])
  assert.deepEqual(problems('batch', 'b'), [])
})
