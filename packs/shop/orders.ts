import type { Definition, Feed } from '#sdk'
import { products } from './products.ts'

const regions = ['north', 'south', 'east', 'west'] as const
const channels = ['web', 'web', 'web', 'app', 'app', 'store'] as const
const peakPerMinute = 150

/** Orders of a made-up shop: busy at noon and in the evening, quiet at night, a few of them cancelled. */
export const orders: Feed = {
  stream: 'orders',
  historyMs: 36 * 3_600_000,
  events(from, to) {
    const events: Definition[] = []
    for (let second = Math.ceil(from / 1000); second * 1000 < to; second++) {
      const random = randomFrom(second)
      const expected = (peakPerMinute / 60) * busyness(second * 1000)
      const count = Math.floor(expected) + (random() < expected % 1 ? 1 : 0)
      const moments = Array.from({ length: count }, () => Math.floor(random() * 1000)).toSorted((a, b) => a - b)
      for (const [index, moment] of moments.entries()) events.push(order(second, index, moment, random))
    }
    return events
  },
}

function order(second: number, index: number, moment: number, random: () => number): Definition {
  const product = products[Math.floor(random() ** 1.6 * products.length)]!
  const quantity = 1 + Math.floor(random() ** 4 * 5)
  const discount = random() < 0.15 ? 10 : 0
  const cents = Math.round((product.cents * quantity * (100 - discount)) / 100)
  const fate = random()
  return {
    order_id: `O-${second.toString(36)}-${index}`,
    ordered_at: new Date(second * 1000 + moment).toISOString(),
    customer_id: `C-${Math.floor(random() ** 2 * 9000)}`,
    sku: product.sku,
    category: product.category,
    region: regions[Math.floor(random() ** 1.3 * regions.length)]!,
    channel: channels[Math.floor(random() * channels.length)]!,
    quantity,
    amount: money(cents),
    cost: money(Math.round(product.costCents * quantity)),
    status: fate < 0.04 ? 'cancelled' : fate < 0.3 ? 'paid' : 'placed',
  }
}

/** 0.15 at night to about 1 at the two peaks of the day, in UTC. */
function busyness(at: number): number {
  const hour = (at / 3_600_000) % 24
  const peak = (middle: number, width: number) => Math.exp(-(((hour - middle) / width) ** 2))
  return 0.15 + 0.6 * peak(12, 3.5) + 0.8 * peak(19, 3)
}

function money(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`
}

/** Small and repeatable (mulberry32): the same second always has the same orders. */
function randomFrom(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
