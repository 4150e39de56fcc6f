import assert from 'node:assert/strict'
import { Readable } from 'node:stream'
import { test } from 'node:test'
import fc from 'fast-check'
import { WarehouseError } from '#ports/warehouse'
import { answerStream } from './answer-stream.ts'

const tag = 'abcdefgh01234567'
const tail = `\r\n__exception__\r\n${tag}\r\nCode: 395. DB::Exception: Value passed to 'throwIf' function is non-zero: said no. (FUNCTION_THROW_IF_VALUE_IS_NON_ZERO)\n107 ${tag}\r\n__exception__\r\n`
const stop = async (): Promise<void> => undefined

/** The text cut at any places, as a network may cut it. */
function cutAt(text: string, places: readonly number[]): Readable {
  const ends = [...places.map((place) => place % (text.length + 1)).sort((a, b) => a - b), text.length]
  let start = 0
  return Readable.from(
    ends.map((end) => Buffer.from(text.slice(start, (start = end)))).filter((part) => part.length > 0),
    { objectMode: false },
  )
}

async function read(stream: Readable): Promise<{ text: string; error: unknown }> {
  let text = ''
  try {
    for await (const chunk of stream) text += String(chunk)
    return { text, error: undefined }
  } catch (error) {
    return { text, error }
  }
}

const body = fc.string({
  unit: fc.constantFrom('a', '\r', '\n', '_', '__exception__', '\r\n__exception__\r\n'),
  maxLength: 60,
})
const places = fc.array(fc.nat(), { maxLength: 12 })

test('an answer passes unchanged, however it is cut', async () => {
  await fc.assert(
    fc.asyncProperty(body, places, async (text, cuts) => {
      assert.deepEqual(await read(answerStream(cutAt(text, cuts), tag, undefined, stop)), { text, error: undefined })
    }),
  )
})

test('an exception behind the answer becomes the stream’s error, and none of its text an answer', async () => {
  await fc.assert(
    fc.asyncProperty(body, places, async (text, cuts) => {
      const { text: answered, error } = await read(answerStream(cutAt(text + tail, cuts), tag, undefined, stop))
      assert.ok(text.startsWith(answered))
      assert.ok(
        error instanceof WarehouseError &&
          error.kind === 'data' &&
          error.type === 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' &&
          error.message.endsWith('said no.'),
        String(error),
      )
    }),
  )
})
