import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiProblem } from '../api/api-problem.ts'
import { conflictSince, isStaleVersion } from './version-conflict.ts'

const saved = [5, 4, 3].map((version) => ({
  version,
  at: `2026-01-01T00:00:0${version}.000Z`,
  actor: version === 5 ? { name: 'Ada' } : null,
  definition: { title: `Title ${version}` },
}))

test('a conflict names the newest version and what changed since the one that was opened', () => {
  assert.deepEqual(conflictSince(3, saved), {
    newest: saved[0],
    change: { before: { title: 'Title 3' }, after: { title: 'Title 5' } },
  })
})

test('the newest version is in conflict with no other, and neither is a history that is not read', () => {
  assert.equal(conflictSince(5, saved), undefined)
  assert.equal(conflictSince(3, []), undefined)
})

test('where the version that was opened is no longer kept, the newest is named without the change', () => {
  assert.deepEqual(conflictSince(1, saved), { newest: saved[0], change: undefined })
})

test('only the refusal of a stale version is one', () => {
  const problem = (code: string) => new ApiProblem({ status: 409, code, title: '', detail: '' })
  assert.ok(isStaleVersion(problem('kernel.staleVersion')))
  assert.ok(!isStaleVersion(problem('pipelines.nameTaken')))
  assert.ok(!isStaleVersion(undefined))
})
