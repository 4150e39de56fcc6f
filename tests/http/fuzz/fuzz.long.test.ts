import assert from 'node:assert/strict'
import { test } from 'node:test'
import { seed } from '../../long-form.ts'
import { fuzz } from './fuzz.ts'
import { schemathesis } from './install.ts'

test(`no request that the OpenAPI document describes, and none that breaks it, gets an answer it does not describe (seed ${seed})`, async (t) => {
  const python = await schemathesis()
  if (python === undefined) return t.skip('needs a python3 of at least 3.10 with venv')
  const { ok, report } = await fuzz({
    python,
    phases: ['examples', 'coverage', 'fuzzing', 'stateful'],
    seed,
    maxExamples: 20,
    maxSeconds: 38 * 60,
  })
  assert.ok(ok, report)
})
