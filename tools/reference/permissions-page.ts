import type { Module, SocketRoute } from '#kernel/module'
import { operationsOf } from '#kernel/start-order'
import { defaultPermission, type Connector } from '#sdk'
import { code, page, table } from './markdown.ts'

/** Something that a definition may use, and the permission that its use needs. */
export interface DefinitionUse {
  readonly what: string
  readonly permission: string
}

export function permissionsPage(
  modules: readonly Module[],
  connectors: readonly Connector[],
  others: readonly DefinitionUse[],
): string {
  const declared = modules.flatMap((module) => Object.entries(module.permissions as Record<string, string>))
  const uses = [...connectors.flatMap(usesOf), ...others]
  return page(
    'Permissions',
    'A token holds `all`, or a list of these. Each operation and socket needs one; a socket that shows what belongs to another module needs that module’s too.',
    [
      table(
        ['permission', 'allows', 'operations'],
        declared.map(([permission, allows]) => [code(permission), allows, operationsWith(modules, permission)]),
      ),
      '## What definitions use',
      'Whoever saves a definition needs a permission for what it uses. Without one the answer is `403 kernel.forbidden`, and `problems` names every place.',
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

function usesOf({ type, source, destination, discovery }: Connector): DefinitionUse[] {
  const sides = [
    [`to check a source ${code(type)}`, source],
    [`to check a destination ${code(type)}`, destination],
    [`to discover with ${code(type)}`, discovery],
  ] as const
  return sides.flatMap(([what, side]) =>
    side === undefined ? [] : [{ what, permission: side.permission ?? defaultPermission }],
  )
}
