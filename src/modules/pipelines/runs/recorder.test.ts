import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { recorder } from './recorder.ts'
import type { RunStore } from './run-store.ts'

const store = { progress: async () => {}, log: async () => {}, forgetLines: async () => {} } as unknown as RunStore

const fresh = () => recorder({ workspace: 'w', id: 'r', steps: [] }, { store, clock: manualClock(), tell: () => {} })

test('a late word of progress, from dropping a stage, takes no counted row back', () => {
  const record = fresh()
  record.count({ read: 3, written: 3 })
  record.progress({ read: 0, written: 0 })
  assert.deepEqual([record.state().read, record.state().written], [3, 3])
})

test('rows that go into a stage are not written yet', () => {
  const record = fresh()
  record.progress({ read: 10, written: 10 })
  assert.deepEqual([record.state().read, record.state().written], [10, 0])
  record.loading()
  record.progress({ read: 10, written: 4 })
  assert.deepEqual([record.state().read, record.state().written], [10, 4])
  record.begin(0)
  record.progress({ read: 12, written: 12 })
  assert.deepEqual([record.state().read, record.state().written], [12, 4])
})

test('the final count is kept, even where progress guessed more', () => {
  const record = fresh()
  record.progress({ read: 10, written: 2 })
  record.count({ read: 6, written: 3 })
  assert.deepEqual([record.state().read, record.state().written], [6, 3])
})

test('a slice that is done again counts its rows once', () => {
  const record = fresh()
  record.count({ read: 5, written: 5 })
  const before = record.base()
  record.count({ read: 3 })
  record.base(before)
  record.count({ read: 3, written: 2 })
  assert.deepEqual([record.state().read, record.state().written], [8, 7])
})
