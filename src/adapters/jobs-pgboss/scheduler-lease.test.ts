import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { manualClock } from '#adapters/clock-manual'
import { memoryLeases } from '#adapters/leases-memory'
import { pgliteMetadata } from '#adapters/pglite'
import { openSchedules, type Due } from './schedules.ts'

const home = await mkdtemp(join(tmpdir(), 'millrace-scheduler-'))
const metadata = await pgliteMetadata({ directory: join(home, 'metadata'), durability: 'process' })
after(async () => {
  await metadata.close()
  await rm(home, { recursive: true, force: true })
})

test('of two schedulers that share leases one fires, and the other takes over when it has ended', async () => {
  const clock = manualClock()
  const leases = memoryLeases()
  const fired: string[] = []
  const open = (name: string) =>
    openSchedules({
      metadata,
      clock,
      leases,
      onError: (error) => assert.fail(error),
      fire: async (due: Due) => {
        fired.push(`${name} ${due.key}`)
      },
    })
  const first = await open('first')
  const second = await open('second')
  await first.set('q', { key: 'one', cron: '* * * * *', zone: 'UTC', data: {} })
  const minute = async (count: number): Promise<void> => {
    while (fired.length < count) {
      await clock.advance(15_000)
      await metadata.system.query('select 1')
    }
  }
  await minute(2)
  assert.deepEqual(fired, ['first one', 'first one'])
  await first.close()
  await minute(3)
  assert.deepEqual(fired, ['first one', 'first one', 'second one'])
  await second.close()
})
