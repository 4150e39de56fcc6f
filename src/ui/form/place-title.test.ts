import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApiProblem } from '../api/api-problem.ts'
import type { JsonSchema } from './json-schema.ts'
import { errorWithFieldTitles, placeTitle, withFieldTitles } from './place-title.ts'

const settings: JsonSchema = {
  properties: {
    url: { title: 'URL' },
    apiKey: {},
    headers: { title: 'Headers', additionalProperties: { title: 'Value' } },
    auth: { anyOf: [{ properties: { type: {} } }, { properties: { token: { title: 'Access token' } } }] },
    servers: { title: 'Servers', items: { properties: { password: { title: 'Password' } } } },
  },
}

test('a place is named by the labels of its fields, by the names that people chose, and by numbers from 1', () => {
  const titles = {
    url: 'URL',
    apiKey: 'Api key',
    'headers.Authorization': 'Headers · Authorization',
    'headers.*': 'Headers',
    'auth.token': 'Auth · Access token',
    'servers[1].password': 'Servers 2 · Password',
    'servers[].password': 'Servers · Password',
    'other.fieldName': 'Other · Field name',
  }
  for (const [place, title] of Object.entries(titles)) assert.equal(placeTitle(place, settings), title)
  const within = { properties: { settings: { ...settings, title: '' } } }
  assert.equal(placeTitle('settings.url', within), 'URL')
})

test('a sentence about settings names their fields by label, and leaves other quoted words as they are', () => {
  const at = 'settings.auth.token'
  const message = 'Enter the secret "auth.token" again: "shop.example" is not "***".'
  const titled = { at, message: 'Enter the secret "Auth · Access token" again: "shop.example" is not "***".' }
  assert.deepEqual(withFieldTitles({ at, message }, settings), titled)
  const problems = [{ at, code: 'secret_needed', message }]
  const error = new ApiProblem({ status: 422, code: 'c', title: 't', detail: `Wrong: ${message}`, problems })
  const shown = errorWithFieldTitles(error, (problem) => withFieldTitles(problem, settings))
  assert.equal(shown.detail, `Wrong: ${titled.message}`)
  assert.deepEqual(shown.problems, [{ ...titled, code: 'secret_needed' }])
})
