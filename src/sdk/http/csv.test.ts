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
  await failsWith(
    'id,name\n1,a\n2\n',
    'Line 3 of the CSV of "https://x.example/a" is not valid: the row has fewer values (1) than the header has columns (2).',
  )
  await failsWith(
    '\nid,name,id\n1,a,2\n',
    'Line 2 of the CSV of "https://x.example/a" is not valid: the header has the column "id" more than once.',
  )
  for (const value of ['"a"b', '"a" b', '"a" "b"', '"a"\rb', '""a'])
    await failsWith(
      `id,name\n1,${value}\n`,
      'Line 2 of the CSV of "https://x.example/a" is not valid: text follows the closing quote of a value.',
    )
})

test('white space between a closing quote and the end of the value is no part of it', async () => {
  assert.deepEqual(await rowsIn('id,name\n"a" ,"b"\t\n"c","e" \r\n,"d"\r'), [
    { id: 'a', name: 'b' },
    { id: 'c', name: 'e' },
    { id: null, name: 'd' },
  ])
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
