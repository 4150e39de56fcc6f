import { operationsOf } from '#kernel/start-order'
import type { Module, SocketRoute } from '#kernel/module'
import { code, page, table } from './markdown.ts'

export function apiPage(modules: readonly Module[]): string {
  return page(
    'HTTP API',
    'Every route with what it asks for. The schemas of bodies and answers are in `GET /openapi.json`, and as a page to try them at `/docs`.',
    modules.map(section),
  )
}

function section(module: Module): string {
  const rows = operationsOf(module).map(([, operation]) => [
    operation.method,
    [operation.path, ...(operation.aliases ?? [])].map(code).join(' '),
    code(operation.permission),
    operation.summary,
  ])
  const sockets = Object.values((module.sockets ?? {}) as Record<string, SocketRoute>).map((route) => [
    'socket',
    code(route.path),
    [route.permission, ...(route.alsoNeeds ?? [])].map(code).join(' '),
    route.summary,
  ])
  return [
    `## ${module.name}`,
    module.about,
    table(['', 'path', 'permission', 'what it does'], [...rows, ...sockets]),
  ].join('\n\n')
}
