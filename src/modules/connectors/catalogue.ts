import { z } from 'zod'
import type { Problem } from '#core/errors'
import { withSuggestion } from '#core/nearest'
import type { DefinitionUse } from '#kernel/module'
import type { NeededPermission } from '#kernel/needed-permissions'
import { defaultPermission, noSettings, settingsSchema, sideSettings } from '#sdk'
import type { Connector } from '#sdk'
import type { ConnectorItem } from './contract.ts'
import { connectorErrors } from './errors.ts'
import type { Connectors } from './index.ts'
import { refuseHiddenSecrets, refuseUnsafeOverrides, validateSettings } from './settings-validation.ts'

export interface Catalogue {
  list(): readonly Connector[]
  find(type: string): Connector | undefined
  /** Rejects with `connectors.unknown`. */
  get(type: string): Connector
  validate: Connectors['validate']
  /** The settings of a side as a pipeline gives them, those of the connection included. */
  settings(side: 'source' | 'destination', type: string): z.ZodType | undefined
  needed(side: 'source' | 'destination', type: string): NeededPermission
  upgrade: Connectors['upgrade']
}

export function catalogue(connectors: readonly Connector[]): Catalogue {
  refuseHiddenSecrets(connectors)
  refuseUnsafeOverrides(connectors)
  const byType = new Map(connectors.map((connector) => [connector.type, connector]))
  const inline = {
    source: new Map(connectors.map((connector) => [connector.type, sideSettings(connector, 'source')])),
    destination: new Map(connectors.map((connector) => [connector.type, sideSettings(connector, 'destination')])),
  }
  return {
    list: () => connectors,
    find: (type) => byType.get(type),
    get: (type) => {
      const found = byType.get(type)
      if (found === undefined) throw connectorErrors.unknown({ type, known: named(connectors) })
      return found
    },
    validate: (side, part, at, connection) => {
      const able = connectors.filter((connector) => connector[side] !== undefined)
      const connector = byType.get(part.type)
      const schema = inline[side].get(part.type)
      if (connector === undefined || schema === undefined)
        return { problems: [unable({ side, type: part.type, at, connector, able })] }
      const { value, problems } = validateSettings(schema, { ...connection, ...part.config }, `${at}.config`)
      const misplaced = connection === undefined ? [] : misplacedProblems(connector, side, part.config, `${at}.config`)
      const oneOf = side === 'source' ? oneOfProblems(connector, part.config, `${at}.config`) : []
      const all = [...problems, ...misplaced, ...oneOf]
      return all.length > 0 ? { problems: all } : { connector, settings: value, problems: [] }
    },
    settings: (side, type) => inline[side].get(type),
    needed: (side, type) => ({
      permission: byType.get(type)?.[side]?.permission ?? defaultPermission,
      at: side,
      what: `the ${side} "${type}"`,
    }),
    upgrade: (type, settings) => byType.get(type)?.connection?.upgrade?.(settings) ?? settings,
  }
}

export function connectorUses(connectors: readonly Connector[]): readonly DefinitionUse[] {
  return connectors.flatMap(({ type, source, destination, streams }) => {
    const parts = { [`the source "${type}"`]: source, [`the destination "${type}"`]: destination }
    return Object.entries({ ...parts, [`discovery by "${type}"`]: streams }).flatMap(([what, part]) =>
      part === undefined ? [] : [{ what, permission: part.permission ?? defaultPermission }],
    )
  })
}

interface UnableEnd {
  readonly side: 'source' | 'destination'
  readonly type: string
  readonly at: string
  readonly connector: Connector | undefined
  /** Those that can. */
  readonly able: readonly Connector[]
}

function unable({ side, type, at, connector, able }: UnableEnd): Problem {
  const verb = side === 'source' ? 'read' : 'write'
  const known = able.map((other) => other.type)
  const said =
    connector === undefined
      ? withSuggestion(`There is no connector "${type}"; to ${verb} there are ${named(able)}.`, type, known)
      : { message: `The connector "${type}" cannot ${verb}; there are ${named(able)}.` }
  return { at: `${at}.type`, code: 'unknown_connector', ...said }
}

/** A connection's secrets go only where the connection itself says. */
function misplacedProblems(
  connector: Connector,
  side: 'source' | 'destination',
  config: Readonly<Record<string, unknown>>,
  at: string,
): readonly Problem[] {
  const [outer, own] = [fieldsOf(connector.connection?.settings), fieldsOf(connector[side]?.settings)]
  return Object.keys(config)
    .filter((name) => outer.has(name) && !own.has(name))
    .map((name) => ({
      at: `${at}.${name}`,
      code: 'of_connection',
      message: `"${name}" belongs to the connection. Change it there, or use another connection.`,
    }))
}

function fieldsOf(schema: z.ZodType | undefined): ReadonlySet<string> {
  return new Set(schema instanceof z.ZodObject ? Object.keys(schema.shape) : [])
}

function oneOfProblems(
  connector: Connector,
  config: Readonly<Record<string, unknown>>,
  at: string,
): readonly Problem[] {
  return (connector.source?.oneOf ?? []).flatMap((names) => {
    const given = names.filter((name) => config[name] !== undefined)
    if (given.length === 1) return []
    const choice = names.map((name) => `"${name}"`).join(' or ')
    return [
      {
        at: `${at}.${given[1] ?? names[0] ?? ''}`,
        code: given.length === 0 ? 'missing' : 'too_many',
        message: `Give ${choice}${given.length === 0 ? '' : ', not both'}.`,
      },
    ]
  })
}

function named(connectors: readonly Connector[]): string {
  return connectors.map((connector) => `"${connector.type}"`).join(', ')
}

export function connectorItem(connector: Connector): ConnectorItem {
  const { type, title, category, about, proven, connection, source, destination } = connector
  return {
    type,
    title,
    category,
    about,
    proven,
    can: {
      read: source !== undefined,
      write: destination !== undefined,
      stream: source?.continuous === true,
      cdc: source?.modes.includes('cdc') === true,
    },
    settings: {
      ...(connection === undefined ? {} : { connection: settingsSchema(connection.settings) }),
      ...sides(source && formOf(connector, 'source'), destination && formOf(connector, 'destination')),
      ...(connection === undefined
        ? {}
        : {
            connected: sides(
              source && settingsSchema(source.settings),
              destination && settingsSchema(destination.settings),
            ),
          }),
    },
    discovers: connector.streams !== undefined,
    ...(destination === undefined
      ? {}
      : { delivery: { guarantee: destination.delivery, because: destination.because } }),
  }
}

function sides(source: JsonSchema | undefined, destination: JsonSchema | undefined) {
  return { ...(source && { source }), ...(destination && { destination }) }
}

type JsonSchema = Record<string, unknown>

function formOf(connector: Connector, side: 'source' | 'destination'): Record<string, unknown> {
  return settingsSchema(sideSettings(connector, side) ?? noSettings)
}
