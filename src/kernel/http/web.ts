import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { pagePolicy } from './app.ts'
import { rememberRoute } from './known-routes.ts'

/** The built web under `/app/`: hashed assets are kept for ever, every other address is the one page. */
export function serveWeb(app: FastifyInstance, root: string | undefined): void {
  for (const path of ['/', '/app/*']) rememberRoute(app, ['GET', 'HEAD'], path)
  app.get('/', (_, reply) => reply.redirect('/app/'))
  if (root === undefined) {
    app.get('/app', (_, reply) => missing(reply))
    app.get('/app/*', (_, reply) => missing(reply))
    return
  }
  app.register(fastifyStatic, {
    root,
    serve: false,
    preCompressed: true,
    cacheControl: false,
  })
  const page = async (request: FastifyRequest, reply: FastifyReply) => {
    const name = decodeURIComponent(request.url.split('?', 1)[0]?.slice('/app/'.length) ?? '')
    reply.removeHeader('cross-origin-resource-policy')
    reply.header('content-security-policy', pagePolicy)
    if (name.startsWith('assets/'))
      return reply.header('cache-control', 'public, max-age=31536000, immutable').sendFile(name)
    reply.header('cache-control', 'no-cache')
    if (/^[\w.-]+\.\w+$/.test(name) && existsSync(join(root, name))) return reply.sendFile(name)
    return reply.type('text/html; charset=utf-8').send(await readFile(join(root, 'index.html')))
  }
  // Routes do not mind a slash at the end, so both spellings arrive here.
  app.get('/app', (request, reply) =>
    /^\/app(\?|$)/.test(request.url) ? reply.redirect('/app/') : page(request, reply),
  )
  app.get('/app/*', page)
}

function missing(reply: FastifyReply): FastifyReply {
  return reply
    .code(404)
    .header('content-type', 'text/plain; charset=utf-8')
    .send(
      'The web pages are not built. Stop the server and start it with "npm start", which builds them.\nThe API is at /docs.\n',
    )
}
