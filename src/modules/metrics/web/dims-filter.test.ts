import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chosenIn, filterOf, noValue } from './dims-filter.ts'

test('choices are kept in the URL under their dimension', () => {
  assert.deepEqual(chosenIn({ 'f.region': 'north', from: 'now-1h', 'f.channel': undefined }), { region: 'north' })
})

test('every choice must hold, and a breakdown leaves its own out', () => {
  const chosen = { region: 'north', channel: 'web' }
  assert.equal(filterOf(chosen), "region = 'north' and channel = 'web'")
  assert.equal(filterOf(chosen, 'region'), "channel = 'web'")
  assert.equal(filterOf({}), undefined)
})

test('quotes in a value stay text, and no value is asked for as such', () => {
  assert.equal(filterOf({ 'sales region': "l'est" }), "\"sales region\" = 'l''est'")
  assert.equal(filterOf({ region: noValue }), 'region is null')
})
