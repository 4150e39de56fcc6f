import assert from 'node:assert/strict'
import { test } from 'node:test'
import { reservedDatasets } from '#core/dataset'
import { viewNames } from './views.ts'

test('no dataset can take the name of a view', () => {
  assert.deepEqual(new Set(viewNames), reservedDatasets)
})
