/** Connectors differ by data, not by name, and reach HTTP servers through the toolkit of the SDK only. */
import type { Crossing } from './crossing.ts'
import { isTest, lineAt } from './source.ts'
import type { Source } from './source.ts'
import { unitOf } from './units.ts'

export function connectorCrossings(sources: readonly Source[]): Crossing[] {
  const types = sources.flatMap(({ path }) => /^connectors\/([^/]+)\/connector\.ts$/.exec(path)?.[1] ?? [])
  return sources
    .filter(({ path }) => !isTest(path))
    .flatMap((source) => [...comparisons(source, types), ...sockets(source)])
}

function comparisons({ path, code }: Source, types: readonly string[]): Crossing[] {
  const { layer } = unitOf(path)
  if (!['modules', 'web', 'kernel', 'apps'].includes(layer) || types.length === 0) return []
  const comparison = new RegExp(`\\btype\\s*[!=]==\\s*['"](?:${types.join('|')})['"]`, 'g')
  return [...code.matchAll(comparison)].map(({ index }) => ({
    file: path,
    line: lineAt(code, index),
    rule: 'connector-type',
    says: 'compares the type of a connector; ask its spec what it can do (reads, modes, continuous, inside)',
  }))
}

const httpOfNode = /^(node:)?(http|https|http2)$|^(undici|axios|got|node-fetch)$/

function sockets({ path, code, imports }: Source): Crossing[] {
  if (unitOf(path).layer !== 'connectors') return []
  const rule = 'connector-socket'
  const says = 'reaches a server past the egress guard; use httpClient of #sdk'
  return [
    ...imports
      .filter(({ from, typeOnly }) => !typeOnly && httpOfNode.test(from))
      .map(({ line }) => ({ file: path, line, rule, says })),
    ...[...code.matchAll(/(?<![.\w])(fetch\(|new (?:WebSocket|EventSource)\()/g)].map(({ index }) => ({
      file: path,
      line: lineAt(code, index),
      rule,
      says,
    })),
  ]
}
