import assert from 'node:assert/strict'
import { test } from 'node:test'
import { z } from 'zod'
import { defineConnector, secretText } from '#sdk'
import { destinationDigest } from './destination-digest.ts'

const settings = z.strictObject({
  host: z.string(),
  password: secretText({ title: 'Password', description: 'Kept.' }),
  mode: z.string(),
})
const connector = defineConnector({
  type: 'place',
  title: 'Place',
  category: 'files',
  about: 'Takes rows.',
  proven: 'this test',
  destination: {
    settings,
    defaultsMode: true,
    delivery: 'exactly once',
    because: 'It is a test.',
    load: () => Promise.reject(new Error('not loaded')),
  },
})
const digest = (given: object) => destinationDigest({ connector, settings: given }, settings)

test('a destination is another one when its place changes, not when a secret or the mode changes', () => {
  const one = digest({ host: 'a', password: 'x', mode: 'append' })
  assert.equal(digest({ mode: 'merge', password: 'y', host: 'a' }), one)
  assert.notEqual(digest({ host: 'b', password: 'x', mode: 'append' }), one)
})
