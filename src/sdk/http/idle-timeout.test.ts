import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { httpClient } from '../index.ts'
import type { HttpHop, Network } from '../surroundings.ts'

const baseUrl = 'https://slow.example/'

/** Sends two chunks as soon as they are requested, then nothing more until the request is aborted. */
function stallingNetwork(): Network {
  async function* body({ signal }: HttpHop) {
    for (const text of ['one', 'two']) {
      signal.throwIfAborted()
      yield Buffer.from(text)
    }
    await once(signal, 'abort')
    throw signal.reason
  }
  return {
    address: async () => '127.0.0.1',
    send: async (hop) => ({ status: 200, headers: {}, body: body(hop), close: () => undefined }),
  }
}

const clientOf = (network: Network, timeoutMs: number) =>
  httpClient({ network, signal: new AbortController().signal }, { baseUrl, timeoutMs, retry: { attempts: 1 } })

test('the time a consumer takes for a chunk is not counted as time of the server', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { body } = await clientOf(stallingNetwork(), 30_000).stream({ url: 'a' })
  const seen: string[] = []
  for await (const chunk of body) {
    seen.push(Buffer.from(chunk).toString())
    t.mock.timers.tick(90_000)
    if (seen.length === 2) break
  }
  assert.deepEqual(seen, ['one', 'two'])
})

test('a server that stops in the middle of a body fails after the idle time', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const { body } = await clientOf(stallingNetwork(), 30_000).stream({ url: 'a' })
  const chunks = body[Symbol.asyncIterator]()
  await chunks.next()
  t.mock.timers.tick(29_999)
  await chunks.next()
  t.mock.timers.tick(29_999)
  const third = assert.rejects(async () => await chunks.next(), {
    code: 'connectors.slow',
    message: '"https://slow.example/a" sent nothing for 30 seconds.',
  })
  await turn()
  t.mock.timers.tick(30_000)
  await third
})

test('a server that sends no headers fails after the timeout', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  const network: Network = {
    address: async () => '127.0.0.1',
    send: async ({ signal }) => {
      await once(signal, 'abort')
      throw signal.reason
    },
  }
  const failed = assert.rejects(clientOf(network, 30_000).stream({ url: 'a' }), { code: 'connectors.slow' })
  await turn()
  t.mock.timers.tick(30_000)
  await failed
})
