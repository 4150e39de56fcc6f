import assert from 'node:assert/strict'
import { test } from 'node:test'
import { MillraceError } from './errors.ts'
import { withoutUrlSecrets } from './masked-urls.ts'

test('parameters of URLs whose names look like secrets are masked, wherever they are in a text', () => {
  for (const name of [
    'api_key',
    'apikey',
    'apiKey',
    'key',
    'token',
    'access_token',
    'accessToken',
    'X-Amz-Signature',
    'sig',
    'client_secret',
    'password',
    'auth',
    'oauth_token',
    'auth[key]',
    'api%5Fkey',
    'subscription-key',
  ]) {
    assert.equal(
      withoutUrlSecrets(`GET https://a.example/x?page=2&${name}=hunter2&q=1#top`),
      `GET https://a.example/x?page=2&${name}=***&q=1#top`,
    )
    assert.equal(withoutUrlSecrets(`"orders?${name}=hunter2"`), `"orders?${name}=***"`)
    assert.deepEqual(JSON.parse(withoutUrlSecrets(JSON.stringify({ url: `https://a.example/?${name}=hunter2\n` }))), {
      url: `https://a.example/?${name}=***\n`,
    })
  }
  for (const [text, masked] of [
    ['https://ann:hunter2@shop.example/', 'https://ann:***@shop.example/'],
    ['postgres://ann:hun/ter2@db.example/shop', 'postgres://ann:***@db.example/shop'],
    ['a://b:c and d://e:f@g', 'a://b:c and d://e:***@g'],
    [
      'https://a.example/?next=https://h.example/?api_key=hunter2',
      'https://a.example/?next=https://h.example/?api_key=***',
    ],
    ['https://a.example/#access_token=hunter2&x=1', 'https://a.example/#access_token=***&x=1'],
    [String.raw`https://a.example/?a=1\u0026api_key=hunter2`, String.raw`https://a.example/?a=1\u0026api_key=***`],
    ['?token=hunt?er2', '?token=***'],
  ] as const)
    assert.equal(withoutUrlSecrets(text), masked)
})

test('other parameters and texts stay as they are', () => {
  for (const text of [
    'https://a.example/?keyword=x&tokens_used=2&design=3&passenger=4&author=ann&monkey=5',
    'a key=1 and b',
    'https://a.example/token=1',
    'https://a.example/?token=',
    'http://localhost:8000/a@b',
    'mailto:ann@shop.example',
  ])
    assert.equal(withoutUrlSecrets(text), text)
})

test('a long hostile text takes time in proportion to its length', () => {
  const timed = (length: number): number => {
    const began = process.cpuUsage().user
    for (const part of ['a', '://', 'a://', '?a', '&a=', '?token=', ':', '://:', 'a://b:'])
      withoutUrlSecrets(`x=${part.repeat(length / part.length)}://`)
    return process.cpuUsage(undefined).user - began
  }
  timed(10_000)
  // Quadratic work would take a thousand times as long, minutes for this length.
  assert.ok(timed(1_000_000) < 20_000_000)
})

test('no error tells a secret of a URL, neither in its sentence nor in its problems', () => {
  const url = 'https://a.example/?token=hunter2'
  const problems = [{ at: 'url', code: 'x', message: `"${url}" does not fit.`, suggestion: url }]
  const error = new MillraceError({ code: 'x.y', kind: 'invalid', title: 'X', detail: `${url} failed.`, problems })
  assert.doesNotMatch(JSON.stringify([error.message, error.stack, error.problems]), /hunter2/)
})
