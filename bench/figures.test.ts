import assert from 'node:assert/strict'
import { test } from 'node:test'
import { compareFigures, readFigures } from './figures.ts'

const printed = `
Ingest (2 × processor)

| run         | events/s | seconds | ratio |
| ----------- | -------- | ------- | ----- |
| bare engine | 500,000  | 3.1     | 1     |
| Millrace    | 250,000  | 10      |       |

| other | p50 ms |
| ----- | ------ |
| one   | 12     |
`

test('the figures of printed tables are read by their row and column', () => {
  assert.deepEqual(Object.fromEntries(readFigures(printed)), {
    'bare engine: events/s': 500_000,
    'bare engine: seconds': 3.1,
    'bare engine: ratio': 1,
    'Millrace: events/s': 250_000,
    'Millrace: seconds': 10,
    'one: p50 ms': 12,
  })
})

test('two commits are compared by their medians, beside the spread of the old one', () => {
  const figures = (value: number): ReadonlyMap<string, number> => new Map([['Millrace: events/s', value]])
  assert.deepEqual(compareFigures([90, 100, 105].map(figures), [110, 120, 90].map(figures)), [
    {
      figure: 'Millrace: events/s',
      old: '100 (90–105)',
      new: '110 (90–120)',
      'new against old': '10.0 %',
      'old against old': '15.0 %',
    },
  ])
})
