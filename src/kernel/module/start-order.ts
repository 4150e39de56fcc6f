import { eventFaults } from '../events/declarations.ts'
import { jobFaults } from '../jobs/declarations.ts'
import type { Contract, Operation } from './contract.ts'
import type { Face, Module, SocketRoute } from './module.ts'
import { fieldsAt } from '../problems/schema-fields.ts'

/**
 * Reads the modules as data: what is missing, doubled or in a circle is found before anything
 * starts, all of it at once. Answers them in order of their needs, the list's order otherwise.
 */
export function startOrder(modules: readonly Module[]): readonly Module[] {
  const faults = [
    ...doubledNames(modules),
    ...missingNeeds(modules),
    ...permissionFaults(modules),
    ...routeFaults(modules),
    ...modules.flatMap(effectFaults),
    ...eventFaults(modules),
    ...modules.flatMap((module) => jobFaults(module)),
  ]
  const { order, circles } = sort(modules)
  faults.push(...circles)
  if (faults.length > 0)
    throw new Error(`The modules do not fit together:\n${faults.map((fault) => `- ${fault}`).join('\n')}`)
  return order
}

export function needsOf(module: Module): readonly Face<unknown>[] {
  return Object.values((module.needs ?? {}) as Record<string, Face<unknown>>)
}

export function operationsOf(module: Module): readonly (readonly [string, Operation])[] {
  return Object.entries((module.contract as Contract).operations)
}

/** The words of an operation's command; nothing when it has none. */
export function commandOf(module: Pick<Module, 'name'>, key: string, operation: Operation): string | undefined {
  if (operation.command === false) return undefined
  return operation.command ?? `${module.name} ${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

function doubledNames(modules: readonly Module[]): string[] {
  return doubles(modules.map((module) => [module.name, `"${module.name}"`])).map(
    ([name]) => `There are two modules named "${name}".`,
  )
}

function missingNeeds(modules: readonly Module[]): string[] {
  const names = new Set(modules.map((module) => module.name))
  return modules.flatMap((module) =>
    needsOf(module)
      .filter((need) => !names.has(need.module))
      .map((need) => `The module "${module.name}" needs "${need.module}", which is not in the list.`),
  )
}

function permissionFaults(modules: readonly Module[]): string[] {
  const owned = modules.flatMap((module) =>
    Object.keys(module.permissions as object).map((permission): [string, string] => [permission, module.name]),
  )
  const known = new Set(['public', ...owned.map(([permission]) => permission)])
  const faults = doubles(owned).map(
    ([permission, owners]) => `The permission "${permission}" is declared by ${owners.join(' and ')}.`,
  )
  for (const module of modules) {
    const used = [
      ...operationsOf(module).map(([key, operation]) => [`operation "${key}"`, operation.permission] as const),
      ...(module.definitionUses ?? []).map(({ what, permission }) => [`use "${what}"`, permission] as const),
      ...Object.entries((module.sockets ?? {}) as Record<string, SocketRoute>).flatMap(([key, route]) =>
        [route.permission, ...(route.alsoNeeds ?? [])].map((permission) => [`socket "${key}"`, permission] as const),
      ),
    ]
    for (const [what, permission] of used) {
      if (!known.has(permission))
        faults.push(
          `The ${what} of "${module.name}" asks for the permission "${permission}", which no module declares.`,
        )
    }
  }
  return faults
}

function routeFaults(modules: readonly Module[]): string[] {
  const routes: [string, string][] = []
  const commands: [string, string][] = []
  for (const module of modules) {
    for (const [key, operation] of operationsOf(module)) {
      const owner = `${module.name}.${key}`
      for (const path of [operation.path, ...(operation.aliases ?? [])])
        routes.push([`${operation.method} ${path.replace(/\{\w+\}/g, '{}')}`, owner])
      const command = commandOf(module, key, operation)
      if (command) commands.push([command, owner])
    }
    for (const [key, route] of Object.entries(module.sockets ?? {}))
      routes.push([`socket ${route.path.replace(/\{\w+\}/g, '{}')}`, `${module.name}.${key}`])
  }
  return [
    ...doubles(routes).map(([route, owners]) => `The route "${route}" is claimed by ${owners.join(' and ')}.`),
    ...doubles(commands).map(([command, owners]) => `The command "${command}" is claimed by ${owners.join(' and ')}.`),
  ]
}

/** What changes something says so and names its object, so that no write stays out of the audit trail. */
function effectFaults(module: Module): string[] {
  const byKey = new Map(operationsOf(module))
  return operationsOf(module).flatMap(([key, operation]) => {
    const what = `The operation "${key}" of "${module.name}"`
    if (operation.method === 'GET')
      return operation.effect === 'write' ? [`${what} is a GET and may not have the effect "write".`] : []
    if (operation.effect === undefined) return [`${what} must declare its effect: "read" or "write".`]
    if (operation.effect === 'write' && operation.subject === undefined)
      return [`${what} writes and must name its subject for the audit trail.`]
    const read = operation.changes === undefined ? undefined : byKey.get(operation.changes)
    if (operation.changes !== undefined && read?.method !== 'GET')
      return [`${what} names "${operation.changes}" as the operation that reads its subject; there is no such GET.`]
    return []
  })
}

function doubles(entries: readonly (readonly [string, string])[]): [string, string[]][] {
  const owners = new Map<string, string[]>()
  for (const [key, owner] of entries) owners.set(key, [...(owners.get(key) ?? []), owner])
  return [...owners].filter(([, list]) => list.length > 1)
}

function sort(modules: readonly Module[]): { order: Module[]; circles: string[] } {
  const byName = new Map(modules.map((module) => [module.name, module]))
  const order: Module[] = []
  const circles: string[] = []
  const done = new Set<string>()
  const visit = (module: Module, way: readonly string[]): void => {
    if (done.has(module.name)) return
    if (way.includes(module.name)) {
      circles.push(
        `The modules need each other in a circle: ${[...way.slice(way.indexOf(module.name)), module.name].join(' → ')}.`,
      )
      return
    }
    for (const need of needsOf(module)) {
      const needed = byName.get(need.module)
      if (needed) visit(needed, [...way, module.name])
    }
    if (done.has(module.name)) return
    done.add(module.name)
    order.push(module)
  }
  for (const module of modules) visit(module, [])
  return { order, circles }
}

/** The environment variables that modules read. */
export function settingsOf(modules: readonly Module[]): readonly string[] {
  return modules.flatMap((module) => (module.config ? fieldsAt(module.config, [], {}) : []))
}
