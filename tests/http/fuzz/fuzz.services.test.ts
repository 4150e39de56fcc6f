import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fuzz } from './fuzz.ts'
import { schemathesis } from './install.ts'

test('a few requests to each operation get answers that the OpenAPI document describes', async (t) => {
  const python = await schemathesis()
  if (python === undefined) return t.skip('needs a python3 of at least 3.10 with venv')
  const { ok, report } = await fuzz({
    python,
    phases: ['examples', 'fuzzing'],
    seed: 1,
    maxExamples: 2,
    maxSeconds: 180,
  })
  assert.ok(ok, report)
})
