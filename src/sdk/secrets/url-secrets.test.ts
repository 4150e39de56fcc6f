import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { secretText } from '../settings.ts'
import { secretsInUrls } from './url-secrets.ts'

const schema = z.object({
  url: z.string(),
  more: z.array(z.object({ link: z.string() })).optional(),
  token: secretText({ title: 'Token', description: 'For the server.' }).optional(),
})
const places = (settings: unknown) => [...secretsInUrls(schema, settings).keys()]

test('a user name or a password in a URL is found at any place, however the URL is spelt', () => {
  for (const url of [
    'https://ann:hunter2@shop.example/',
    'https://hunter2@shop.example/x?y#z',
    'https://:hunter2@shop.example/',
    'HTTPS:ann:hunter2@shop.example',
    'https:\\\\ann:hunter2@shop.example',
    ' ht\ttps://ann:hunter2@shop.example',
    'postgres://ann:hunter2@db.example:5432/shop',
    'https://ann:hunter2@shop example/',
    'https://ann:hunter2@[broken/',
  ])
    assert.deepEqual(places({ url }), ['url'], url)
  assert.deepEqual(places({ url: 'x', more: [{ link: 'https://a.example' }, { link: 'ftp://a:b@c.example' }] }), [
    'more[1].link',
  ])
})

test('texts without credentials, and secrets, are left alone', () => {
  for (const url of [
    'https://shop.example/@ann',
    'https://shop.example/?mail=ann@shop.example',
    'https://shop.example/a:b@c',
    'mailto:ann@shop.example',
    'ann@shop.example',
    '{"mail":"https://ann:x@shop.example"}',
    '',
  ])
    assert.deepEqual(places({ url }), [], url)
  assert.deepEqual(places({ url: 'x', token: 'https://ann:hunter2@shop.example/' }), [])
})
