import assert from 'node:assert/strict'
import { test } from 'node:test'
import { connectionSettings } from './settings.ts'
import { upgraded } from './upgrade.ts'

test('user name and password of a URL move into settings of their own, decoded', () => {
  assert.deepEqual(upgraded({ url: 'https://ann:hunter%402@shop.example/x?y=1', records: '$' }), {
    url: 'https://shop.example/x?y=1',
    records: '$',
    user: 'ann',
    password: 'hunter@2',
  })
  assert.deepEqual(upgraded({ url: 'https://ann@shop.example/' }), { url: 'https://shop.example/', user: 'ann' })
})

test('a password without a user name moves into a header, since a user is never empty', () => {
  const settings = upgraded({ url: 'https://:key@shop.example/', headers: { Accept: 'text/csv' }, records: '$' })
  const headers = { Accept: 'text/csv', Authorization: `Basic ${Buffer.from(':key').toString('base64')}` }
  assert.deepEqual(settings, { url: 'https://shop.example/', headers, records: '$' })
  assert.ok(connectionSettings.partial().safeParse({ url: settings['url'], headers }).success)
})

test('they are dropped where a token or a header was sent in their place', () => {
  for (const more of [{ token: '***' }, { headers: { AUTHORIZATION: 'Bearer x' } }])
    assert.deepEqual(upgraded({ url: 'https://ann:hunter2@shop.example/', ...more }), {
      url: 'https://shop.example/',
      ...more,
    })
})

test('other settings stay the same object', () => {
  for (const settings of [{ url: 'https://shop.example' }, { url: 'nothing' }, {}])
    assert.equal(upgraded(settings), settings)
})
