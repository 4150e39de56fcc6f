import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isMillraceError } from '#core/errors'
import { isSecure, requireOwnReader, requireSamePage } from './same-page.ts'

type Headers = Record<string, string>
const passes = (headers: Headers) => requireSamePage(headers)
const refused = (headers: Headers, check: (headers: Headers) => void = passes) =>
  assert.throws(
    () => check(headers),
    (error) => isMillraceError(error) && error.code === 'identity.foreignPage',
    JSON.stringify(headers),
  )

test('our own page passes under every name and port it has, and so does a program that names no page', () => {
  for (const [host, origin] of [
    ['127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['localhost:8000', 'http://localhost:8000'],
    ['LOCALHOST:8000', 'http://localhost:8000'],
    ['[::1]:8000', 'http://[::1]:8000'],
    ['mill.example', 'https://mill.example'],
    ['mill.example:443', 'https://mill.example'],
    ['mill.example:80', 'http://mill.example'],
  ] as const) {
    passes({ host, origin })
    passes({ host, origin, 'sec-fetch-site': 'same-origin' })
  }
  passes({ host: '127.0.0.1:8000' })
  passes({ host: '127.0.0.1:8000', 'sec-fetch-site': 'same-origin' })
})

test('another port, name, scheme or no page at all is refused', () => {
  const host = 'localhost:8000'
  for (const origin of [
    'http://localhost:3000',
    'http://localhost',
    'http://127.0.0.1:8000',
    'http://evil.example',
    'http://localhost:8000.evil.example',
    'http://evil.example:8000',
    'null',
    '',
    'file://',
    'app://localhost:8000',
    'http://localhost:8000 http://evil.example',
  ]) {
    refused({ host, origin })
  }
  refused({ origin: 'null' })
  refused({ host: '', origin: 'file://' })
  for (const site of ['cross-site', 'same-site', 'none']) refused({ host, 'sec-fetch-site': site })
})

test('a name that a proxy claims counts for nothing, and over TLS a page without it is another page', () => {
  refused({ host: '127.0.0.1:8000', origin: 'http://evil.example', 'x-forwarded-host': 'evil.example' })
  const behind = { host: 'mill.example', 'x-forwarded-proto': 'https' }
  passes({ ...behind, origin: 'https://mill.example' })
  refused({ ...behind, origin: 'http://mill.example' })
  assert.equal(isSecure({ 'x-forwarded-proto': 'https, http' }), true)
  assert.equal(isSecure({ 'x-forwarded-proto': 'http' }), false)
  assert.equal(isSecure({}), false)
})

test('other pages read nothing with the cookie, whoever follows a link from them does', () => {
  for (const site of ['cross-site', 'same-site']) {
    for (const mode of ['no-cors', 'cors', 'websocket'])
      refused({ 'sec-fetch-site': site, 'sec-fetch-mode': mode }, requireOwnReader)
    requireOwnReader({ 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' })
  }
  requireOwnReader({})
  requireOwnReader({ 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' })
  requireOwnReader({ 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' })
})
