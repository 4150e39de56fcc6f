import { createReadStream, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import type { Module } from '../module/module.ts'
import { openapi } from './openapi.ts'
import { pagePolicy } from './app.ts'
import { rememberRoute } from './known-routes.ts'

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Millrace API</title>
<link rel="icon" href="data:,">
<script type="module" src="/docs/rapidoc.js"></script>
</head>
<body style="margin:0">
<rapi-doc spec-url="/openapi.json" load-fonts="false" render-style="focused" show-header="false" allow-server-selection="false" allow-authentication="true" persist-auth="false" regular-font="system-ui, sans-serif" mono-font="ui-monospace, monospace" schema-style="table" theme="light" bg-color="#ffffff" nav-bg-color="#f6f7f8" nav-text-color="#3b4048" nav-hover-bg-color="#e9ebee" nav-hover-text-color="#111418" nav-accent-color="#2563eb" primary-color="#2563eb" nav-item-spacing="compact" show-method-in-nav-bar="as-colored-text"></rapi-doc>
</body>
</html>
`

/** `/openapi.json` and `/docs`, both made from the contracts, served from our own files. */
export function docsRoutes(app: FastifyInstance, modules: readonly Module[], version: string): void {
  let text: string | undefined
  for (const path of ['/openapi.json', '/docs', '/docs/rapidoc.js']) rememberRoute(app, ['GET', 'HEAD'], path)
  app.get('/openapi.json', (_, reply) => {
    text ??= JSON.stringify(openapi(modules, version))
    return reply
      .header('content-type', 'application/json; charset=utf-8')
      .header('cache-control', 'no-cache')
      .send(text)
  })
  app.get('/docs', (_, reply) =>
    reply
      .header('content-security-policy', pagePolicy)
      .header('cache-control', 'no-cache')
      .header('content-type', 'text/html; charset=utf-8')
      .send(page),
  )
  app.get('/docs/rapidoc.js', (_, reply) =>
    reply
      .header('cache-control', 'public, max-age=86400')
      .header('content-type', 'text/javascript; charset=utf-8')
      .send(createReadStream(script())),
  )
}

/** The published package carries the script beside this file, without the packages it was made from. */
function script(): string {
  const carried = fileURLToPath(new URL('./rapidoc.js', import.meta.url))
  return existsSync(carried) ? carried : fileURLToPath(import.meta.resolve('rapidoc'))
}
