import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { allowedMethods, rememberRoute, takesOnlyOtherMethods } from './known-routes.ts'

test('a path of its own takes its methods alone, though one with a parameter would fit it too', () => {
  const app = Fastify()
  rememberRoute(app, ['GET', 'HEAD'], '/books/{id}')
  rememberRoute(app, ['PUT'], '/books/{id}')
  rememberRoute(app, ['POST'], '/books/search')
  assert.deepEqual(allowedMethods(app, '/books/search'), ['POST'])
  assert.deepEqual(allowedMethods(app, '/books/search/'), ['POST'])
  assert.deepEqual(allowedMethods(app, '/books/x'), ['GET', 'HEAD', 'PUT'])
  assert.deepEqual(allowedMethods(app, '*'), ['GET', 'HEAD', 'POST', 'PUT'])
  assert.equal(takesOnlyOtherMethods(app, { method: 'GET', path: '/books/search' }), true)
  assert.equal(takesOnlyOtherMethods(app, { method: 'POST', path: '/books/search' }), false)
  assert.equal(takesOnlyOtherMethods(app, { method: 'GET', path: '/books/x' }), false)
})
