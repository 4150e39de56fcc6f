import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { describe, test } from 'node:test'
import { until } from '#tests/house/until'
import type { Bus, BusMessage } from '../bus.ts'

export function registerBusSuite(name: string, open: () => Promise<Bus>): void {
  describe(`bus: ${name}`, () => {
    const withBus = async (work: (bus: Bus, topic: string) => Promise<void>): Promise<void> => {
      const bus = await open()
      try {
        await work(bus, `test.${randomUUID()}`)
      } finally {
        await bus.close()
      }
    }

    test('a subscriber gets what is published after it came, in order', async () => {
      await withBus(async (bus, topic) => {
        const seen: BusMessage[] = []
        await bus.publish(topic, 'before')
        await bus.subscribe(topic, (message) => seen.push(message))
        for (let n = 0; n < 20; n += 1) await bus.publish(topic, { n })
        await until('at least 20 seen', () => seen.length >= 20)
        assert.deepEqual(
          seen,
          Array.from({ length: 20 }, (_, n) => ({ n })),
        )
      })
    })

    test('a trailing star takes every topic with that beginning', async () => {
      await withBus(async (bus, topic) => {
        const seen: string[] = []
        await bus.subscribe(`${topic}.*`, (_, at) => seen.push(at))
        await bus.publish(topic, 1)
        await bus.publish(`${topic}.a`, 1)
        await bus.publish(`${topic}.b.c`, 1)
        await until('at least 2 seen', () => seen.length >= 2)
        assert.deepEqual(seen, [`${topic}.a`, `${topic}.b.c`])
      })
    })

    test('characters of patterns elsewhere mean nothing in a topic', async () => {
      await withBus(async (bus, topic) => {
        const seen: string[] = []
        await bus.subscribe(`${topic}[a]?.*`, (_, at) => seen.push(at))
        await bus.publish(`${topic}a1.x`, 1)
        await bus.publish(`${topic}[a]?.x`, 1)
        await until('at least 1 seen', () => seen.length >= 1)
        assert.deepEqual(seen, [`${topic}[a]?.x`])
      })
    })

    test('a closed subscription hears nothing more', async () => {
      await withBus(async (bus, topic) => {
        const seen: BusMessage[] = []
        const first = await bus.subscribe(topic, (message) => seen.push(message))
        const others: BusMessage[] = []
        await bus.subscribe(topic, (message) => others.push(message))
        await first.close()
        await bus.publish(topic, 1)
        await until('1 others', () => others.length === 1)
        assert.deepEqual(seen, [])
      })
    })

    test('a listener that throws does not keep others from hearing', async () => {
      await withBus(async (bus, topic) => {
        const seen: BusMessage[] = []
        await bus.subscribe(topic, () => {
          throw new Error('deaf')
        })
        await bus.subscribe(topic, (message) => seen.push(message))
        await bus.publish(topic, 1)
        await until('1 seen', () => seen.length === 1)
      })
    })

    test('only retained messages are the latest value', async () => {
      await withBus(async (bus, topic) => {
        assert.equal(await bus.latest(topic), undefined)
        await bus.publish(topic, { n: 1 }, { retain: true })
        await bus.publish(topic, { n: 2 })
        assert.deepEqual(await bus.latest(topic), { n: 1 })
      })
    })
  })
}
