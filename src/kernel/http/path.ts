export interface PathPattern {
  readonly expression: RegExp
  readonly names: readonly string[]
}

/**
 * `/api/v1/metrics/{code}` as an expression over addresses; a trailing slash is allowed. `/*` at the end means
 * everything below.
 */
export function pathPattern(path: string): PathPattern {
  const names: string[] = []
  const below = path.endsWith('/*')
  const source = (below ? path.slice(0, -2) : path)
    .split(/(\{\w+\})/)
    .map((part) => {
      const name = /^\{(\w+)\}$/.exec(part)?.[1]
      if (name === undefined) return part.replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
      names.push(name)
      return '([^/]+)'
    })
    .join('')
  return { expression: new RegExp(below ? `^${source}(/|$)` : `^${source}/?$`), names }
}

/** The names of the parameters of a path in OpenAPI's form. */
export function pathNames(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '')
}

/** The parameters of an address, or nothing when it does not fit (a broken escape does not fit either). */
export function matchPath({ expression, names }: PathPattern, address: string): Record<string, string> | undefined {
  const match = expression.exec(address)
  if (!match) return undefined
  try {
    return Object.fromEntries(names.map((name, index) => [name, decodeURIComponent(match[index + 1] ?? '')]))
  } catch {
    return undefined
  }
}

/** The same as Fastify writes it. */
export function fastifyPath(path: string): string {
  return path.replace(/:/g, '::').replace(/\{(\w+)\}/g, ':$1')
}
