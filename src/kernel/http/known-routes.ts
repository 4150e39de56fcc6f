/** Which methods each path takes: for `Allow`, `OPTIONS` and 405. Fastify finds routes by method and address together only. */
import type { FastifyInstance } from 'fastify'
import type { MillraceError } from '#core/errors'
import { kernelErrors } from '../problems/errors.ts'
import { pathPattern } from './path.ts'

interface KnownRoute {
  readonly methods: readonly string[]
  readonly pattern: RegExp
}
const known = new WeakMap<FastifyInstance, KnownRoute[]>()
/** Of the paths without parameters. */
const literal = new WeakMap<FastifyInstance, Map<string, readonly string[]>>()

/** `path` in OpenAPI's form; one that ends with `/*` means everything below. */
export function rememberRoute(app: FastifyInstance, methods: readonly string[], path: string): void {
  const routes = known.get(app) ?? []
  routes.push({ methods, pattern: pathPattern(path).expression })
  known.set(app, routes)
  if (/[{*]/.test(path)) return
  const literals = literal.get(app) ?? new Map<string, readonly string[]>()
  literals.set(path, [...(literals.get(path) ?? []), ...methods])
  literal.set(app, literals)
}

/** Sorted; empty where nothing is. `*` is the server as a whole. */
export function allowedMethods(app: FastifyInstance, path: string): readonly string[] {
  const own = literalMethods(app, path)
  if (own.length > 0) return [...new Set(own)].toSorted()
  const routes = (known.get(app) ?? []).filter(({ pattern }) => path === '*' || pattern.test(path))
  return [...new Set(routes.flatMap(({ methods }) => methods))].toSorted()
}

/** Whether the path is one of its own, and takes other methods: a path with a parameter does not take them instead. */
export function takesOnlyOtherMethods(
  app: FastifyInstance,
  { method, path }: { method: string; path: string },
): boolean {
  const methods = literalMethods(app, path)
  return methods.length > 0 && !methods.includes(method)
}

function literalMethods(app: FastifyInstance, path: string): readonly string[] {
  return literal.get(app)?.get(path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path) ?? []
}

/** Why no route matches the request, and the value of `Allow` where another method would match. */
export function noRoute(
  app: FastifyInstance,
  { method, path }: { readonly method: string; readonly path: string },
): { readonly error: MillraceError; readonly allow: string | undefined } {
  const methods = allowedMethods(app, path)
  const allowed = methods.join(', ')
  // Below `/*` a method may match and nothing be there.
  if (methods.length === 0 || methods.includes(method))
    return { error: kernelErrors.unknownPath({ method, path }), allow: undefined }
  return { error: kernelErrors.wrongMethod({ method, path, allowed }), allow: allowed }
}
