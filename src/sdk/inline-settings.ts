import { z } from 'zod'
import type { Connector } from './connector.ts'

/** The settings of a side of a connector as a pipeline gives them; `undefined` when it does not have the side. */
export function sideSettings(connector: Connector, side: 'source' | 'destination'): z.ZodType | undefined {
  const own = connector[side]?.settings
  return own && inlineSettings(connector, own)
}

/**
 * The settings of a source or destination as a pipeline gives them: those of the connection and those of the stream or
 * target in one object. A setting that both have is the connection's.
 *
 * ```ts
 * import { z } from 'zod'
 *
 * const connection = { settings: z.strictObject({ host: z.string() }), load: async () => ({ check: async () => 'fine' }) }
 * inlineSettings({ connection }, z.strictObject({ table: z.string() })).safeParse({ host: 'h', table: 't' }).success // true
 * ```
 */
export function inlineSettings({ connection }: Pick<Connector, 'connection'>, own: z.ZodType): z.ZodType {
  if (connection === undefined) return own
  const { settings } = connection
  if (!(settings instanceof z.ZodObject) || !(own instanceof z.ZodObject))
    throw new Error('The settings of a connection, a source and a destination must each be an object.')
  return new z.ZodObject({
    ...own.def,
    shape: { ...settings.shape, ...without(own.shape, settings.shape) },
    checks: [...(settings.def.checks ?? []), ...(own.def.checks ?? [])],
  })
}

function without(shape: z.core.$ZodShape, taken: z.core.$ZodShape): z.core.$ZodShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !Object.hasOwn(taken, name)))
}

/** What a connector without a connection has in its place. */
export const noSettings = z.strictObject({})
