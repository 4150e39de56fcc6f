import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { clippedText, isStorableText, storableJson, storableText } from './storable-text.ts'

const AnyText = fc.string({
  unit: fc.oneof(fc.constantFrom('\0', '\ud800', '\udc00', '😀', 'a'), fc.string({ unit: 'binary' })),
})

test('whatever the text, its storable form is storable, and a storable text is its own form', () => {
  fc.assert(
    fc.property(AnyText, fc.nat(20), (text, length) => {
      assert.ok(isStorableText(storableText(text)))
      assert.ok(isStorableText(clippedText(text, length)))
      if (isStorableText(text)) assert.equal(storableText(text), text)
      const kept = JSON.parse(storableJson({ list: [text] })) as { list: string[] }
      assert.deepEqual(kept, { list: [storableText(text)] })
    }),
  )
})

test('a text that is cut keeps no half of a pair', () => {
  assert.equal(clippedText('ab😀', 3), 'ab\ufffd')
})
