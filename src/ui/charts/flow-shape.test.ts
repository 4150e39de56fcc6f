import assert from 'node:assert/strict'
import { test } from 'node:test'
import { channel, drawnRows, mouth, thickness, type FlowStep } from './flow-shape.ts'

test('more rows never flow thinner, and a few are still seen', () => {
  const sizes = [0, 1, 10, 1_000, 50_000, 100_000].map((rows) => thickness(rows, 100_000))
  assert.deepEqual(
    sizes,
    sizes.toSorted((a, b) => a - b),
  )
  assert.ok((sizes[1] ?? 0) >= channel.thinnest)
  assert.equal(sizes.at(-1), channel.thickest)
})

test('a step takes the channel as wide as the one before left it', () => {
  assert.match(mouth(40, 20), /^M0 12H.*H40V42.*52H0Z$/)
})

test('a spring begins at its gate', () => {
  assert.equal(mouth(undefined, 20), 'M16 22H40V42H16Z')
})

test('a step that is not counted apart is drawn as what its statement lets out', () => {
  const step = (state: FlowStep['state'], rowsOut?: number): FlowStep => ({
    id: state,
    title: state,
    state,
    ...(rowsOut === undefined ? {} : { rowsOut }),
  })
  assert.deepEqual(drawnRows([step('done', 15), step('done'), step('done', 11)]), [15, 11, 11])
  assert.deepEqual(drawnRows([step('done', 15), step('running'), step('waiting')]), [15, 15, undefined])
})
