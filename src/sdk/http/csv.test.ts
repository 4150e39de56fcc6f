import assert from 'node:assert/strict'
import { test } from 'node:test'
import { failureOf } from '../failure.ts'
import { csvRows } from './csv.ts'

/** Each character is a chunk of its own. */
async function rowsIn(text: string): Promise<unknown[]> {
  const found: unknown[] = []
  const chunks = (async function* () {
    yield* text
  })()
  for await (const row of csvRows(chunks, 'https://x.example/a')) found.push({ ...row })
  return found
}

async function failsWith(text: string, message: string): Promise<void> {
  await assert.rejects(rowsIn(text), (error) => {
    assert.equal((error as Error).message, message)
    assert.equal(failureOf(error)?.kind, 'data')
    return true
  })
}

test('CSV that would lose data fails with the line', async () => {
  await failsWith(
    'id,name\n1,"a\nb"\n2,"c\n3,d\n',
    'Line 4 of the CSV of "https://x.example/a" is not valid: the quote is never closed.',
  )
  await failsWith(
    'id,name\n1,"a\nb"\n2,c,d\n',
    'Line 4 of the CSV of "https://x.example/a" is not valid: the row has more values (3) than the header has columns (2).',
  )
})

test('an empty value of the only column is a row, and a blank line between several columns is not', async () => {
  assert.deepEqual(await rowsIn('id\n1\n\n""\n2'), [{ id: '1' }, { id: null }, { id: null }, { id: '2' }])
  assert.deepEqual(await rowsIn('id,name\r\n\r\n1,\r\n'), [{ id: '1', name: null }])
})

test('U+FEFF, carriage returns and quotes within a value are kept', async () => {
  assert.deepEqual(await rowsIn('id\r\na\uFEFFb\r\nc\rd\r\n5" pipe\r\n"e"\r\nf\r'), [
    { id: 'a\uFEFFb' },
    { id: 'c\rd' },
    { id: '5" pipe' },
    { id: 'e' },
    { id: 'f\r' },
  ])
})
