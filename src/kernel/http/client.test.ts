import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { client, ProblemError, typedRequest } from './client.ts'
import { openHouse, shelfContract } from '../module/test-house.ts'

let house: Awaited<ReturnType<typeof openHouse>>
before(async () => {
  house = await openHouse()
})
after(() => house.stop(100))

test('the client calls what the contract declares, with its types', async () => {
  const shelf = client(shelfContract, { baseUrl: house.url, token: 'all' })
  const all = await shelf.list({ query: { limit: 2 } })
  assert.equal(all.items[0]?.name, 'limit 2')
  assert.equal((await shelf.list()).next, null)
  assert.equal((await shelf.get({ params: { name: 'a b/c' } })).name, 'a b/c')
  assert.equal((await shelf.add({ body: { name: 'x', pages: 1 } })).pages, 1)
  assert.equal(await shelf.remove({ params: { name: 'x' } }), undefined)
  assert.deepEqual(await shelf.pour({ body: 'abc', contentType: 'application/octet-stream' }), { bytes: 3 })
  assert.equal(await (await shelf.read({ query: { how: 'whole' } })).text(), 'one two')
  // @ts-expect-error -- a misspelt field does not compile
  await assert.rejects(shelf.add({ body: { nam: 'x', pages: 1 } }))
})

test('a problem of the server is thrown as an error with its parts', async () => {
  const shelf = client(shelfContract, { baseUrl: house.url, token: 'all' })
  await assert.rejects(shelf.get({ params: { name: 'none' } }), (error) => {
    assert.ok(error instanceof ProblemError)
    assert.deepEqual(
      [error.status, error.code, error.message],
      [404, 'shelf.unknown', 'There is no book "none". List the books.'],
    )
    return true
  })
})

test('a request typed by a contract sends method and path, and refuses what the contract does not have', async () => {
  const sent: unknown[] = []
  const ask = typedRequest<typeof shelfContract>(async (...request) => {
    sent.push(request)
    return { name: 'x', pages: 1 }
  })
  assert.equal((await ask('GET /api/v1/books/{name}', { params: { name: 'a b/c' } })).name, 'x')
  await ask('GET /api/v1/books', { query: { limit: 2 } })
  await ask('POST /api/v1/books', { body: { name: 'x', pages: 1 } })
  assert.deepEqual(sent, [
    ['GET', '/api/v1/books/a%20b%2Fc', {}],
    ['GET', '/api/v1/books', { query: { limit: 2 } }],
    ['POST', '/api/v1/books', { body: { name: 'x', pages: 1 } }],
  ])
  // @ts-expect-error -- a path that no operation has
  await ask('GET /api/v1/magazines')
  // @ts-expect-error -- another method
  await ask('PATCH /api/v1/books', { body: { name: 'x', pages: 1 } })
  // @ts-expect-error -- without its parameter
  await ask('GET /api/v1/books/{name}')
  // @ts-expect-error -- a misspelt field
  await ask('POST /api/v1/books', { body: { nam: 'x', pages: 1 } })
})
