import type { DefinitionUse, Module, SocketRoute } from '#kernel/module'
import { operationsOf } from '#kernel/start-order'
import { code, page, table } from './markdown.ts'

export function permissionsPage(modules: readonly Module[]): string {
  const declared = modules.flatMap((module) => Object.entries(module.permissions as Record<string, string>))
  const uses = modules.flatMap((module) => (module.definitionUses ?? []) as readonly DefinitionUse[])
  return page(
    'Permissions',
    'A token holds `all`, or a list of these. Each operation and socket needs one; a socket that shows what belongs to another module needs that module’s too.',
    [
      table(
        ['permission', 'allows', 'operations'],
        declared.map(([permission, allows]) => [code(permission), allows, operationsWith(modules, permission)]),
      ),
      '## What definitions use',
      'Whoever saves, validates or previews a definition needs a permission for each thing it uses. Without one the answer is `403 kernel.forbidden`, and `problems` names every place. A pipeline runs with the rights of its owner, who saved it last; when the owner lacks one by then, or was revoked, the run fails and names both.',
      table(
        ['used', 'needs'],
        uses.map(({ what, permission }) => [what, code(permission)]),
      ),
    ],
  )
}

function operationsWith(modules: readonly Module[], permission: string): string {
  const operations = modules.flatMap((module) => [
    ...operationsOf(module).flatMap(([, operation]) =>
      operation.permission === permission ? [code(`${operation.method} ${operation.path}`)] : [],
    ),
    ...Object.values((module.sockets ?? {}) as Record<string, SocketRoute>).flatMap((route) =>
      [route.permission, ...(route.alsoNeeds ?? [])].includes(permission) ? [code(route.path)] : [],
    ),
  ])
  return operations.join(', ')
}
