import assert from 'node:assert/strict'
import { test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { recorder } from '../runs/recorder.ts'
import type { LogLine } from '../runs/run-log.ts'
import type { RunStore } from '../runs/run-store.ts'
import { sliceLog } from './slice-log.ts'

function setup() {
  const kept = new Map<number, LogLine>()
  const clock = manualClock()
  const store = {
    progress: async () => undefined,
    log: async (_workspace, _runId, lines) => {
      for (const line of lines) kept.set(line.number, line)
    },
    forgetLines: async (_workspace, _runId, { after, upto }) => {
      for (const number of kept.keys()) if (number > after && number <= upto) kept.delete(number)
    },
  } satisfies Partial<RunStore>
  const record = recorder(
    { workspace: 'w', id: 'r', steps: [], rolling: true },
    { store: store as unknown as RunStore, clock, tell: () => undefined },
  )
  const log = sliceLog(record, clock)
  const slice = (from: number, rows: number, where = ''): void => {
    log.begin()
    record.base()
    log.recorder.log('info', `INSERT INTO big SELECT n FROM clicks WHERE _position > ${from}${where}`)
    record.count({ read: 10, written: rows })
    log.done()
  }
  const messages = async () => {
    await record.flush()
    return [...kept.values()].map(({ message }) => message)
  }
  return { clock, record, log, slice, messages }
}

test('a statement is written once, and again when it changes; what was loaded at most once a minute', async () => {
  const { clock, log, slice, messages } = setup()
  for (let number = 0; number < 300; number++) {
    slice(number * 10, 5)
    await clock.advance(200)
  }
  slice(3000, 5, ' AND big')
  log.flush()
  assert.deepEqual(await messages(), [
    'INSERT INTO big SELECT n FROM clicks WHERE _position > 0',
    'Loaded 5 rows of 10 read.',
    'INSERT INTO big SELECT n FROM clicks WHERE _position > 3000 AND big',
    'Loaded 1500 rows of 3000 read, in 300 slices.',
  ])
})

test('slices that load nothing leave no line', async () => {
  const { clock, log, slice, messages } = setup()
  for (let number = 0; number < 5; number++) {
    slice(number, 0)
    await clock.advance(100_000)
    assert.equal(log.due(), false)
  }
  log.flush()
  assert.equal((await messages()).length, 1)
})

test('what was loaded last is written while nothing more comes', async () => {
  const { clock, log, slice, messages } = setup()
  slice(0, 1)
  assert.equal((await messages()).at(-1), 'Loaded 1 row of 10 read.')
  slice(1, 2)
  assert.equal(log.due(), false)
  await clock.advance(60_000)
  assert.equal(log.due(), true)
  assert.equal((await messages()).at(-1), 'Loaded 2 rows of 10 read.')
})

test('after weeks the log holds its first lines and the newest', async () => {
  const { clock, slice, messages } = setup()
  for (let number = 0; number < 6_000; number++) {
    slice(number, 1)
    await clock.advance(60_000)
    if (number % 50 === 0) await messages()
  }
  const lines = await messages()
  assert.ok(lines.length <= 1_000, `${lines.length} lines`)
  assert.match(lines[0] ?? '', /^INSERT/)
})
