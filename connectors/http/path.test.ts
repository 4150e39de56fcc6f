import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { Surroundings } from '#sdk'
import { isWithin } from './path.ts'
import { connectionSettings, streamSettings } from './settings.ts'
import { read } from './source.ts'

const escapes = [
  'https://evil.example/x',
  'http:evil.example',
  'https:/evil.example',
  '//evil.example/x',
  '///evil.example',
  '/\\evil.example',
  '\\\\evil.example',
  '/\t/evil.example',
  '\n//evil.example',
  ' //evil.example',
  '../x',
  'a/%2e%2E/b',
  '..',
  'file:///etc/passwd',
  'javascript:1',
]

test('a path that leaves its server, or climbs, is refused by the settings and again when it is read', async () => {
  for (const path of escapes) {
    assert.equal(streamSettings.safeParse({ path }).success, false, path)
    const settings = {
      ...connectionSettings.parse({ url: 'https://shop.example/api/', token: 'hunter2' }),
      ...streamSettings.parse({}),
      path,
    }
    const sent: string[] = []
    const signal = AbortSignal.timeout(5_000)
    const send = async ({ url }: { url: string }) => {
      sent.push(url)
      throw new Error('not sent here')
    }
    const around = { signal, network: { send } } as unknown as Surroundings
    await assert.rejects(
      async () => {
        for await (const _ of (await read(settings, around)).batches(signal)) assert.fail()
      },
      { code: 'http.outside' },
      path,
    )
    assert.deepEqual(sent, [])
  }
})

test('a path below the URL, from the root, or of a query alone is allowed', () => {
  for (const path of ['orders', 'orders?status=open&at=12:00', '/v2/orders', '?page=1', 'a..b/.x', 'ä/ö', 'v1/a:b'])
    assert.equal(streamSettings.safeParse({ path }).success, true, path)
})

test('no allowed path leads to another origin, whatever the URL', () => {
  const part = fc.constantFrom('/', '\\', '.', '..', ':', '@', '?', '#', 'http', 'evil.example', '%2e', '\t', ' ', 'a')
  const bases = ['https://shop.example/api/v1', 'http://shop.example:8080/', 'https://shop.example']
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), fc.constantFrom(...bases), (parts, base) => {
      const path = parts.join('')
      fc.pre(isWithin(path))
      assert.equal(URL.parse(path, base)?.origin, new URL(base).origin)
    }),
    { numRuns: 5_000 },
  )
})
