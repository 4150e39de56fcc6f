import { z } from 'zod'
import type { Connector } from './connector.ts'
import { viewOf } from './secrets/schema-view.ts'

/** The settings of a side of a connector as a pipeline gives them; `undefined` when it does not have the side. */
export function sideSettings(connector: Connector, side: 'source' | 'destination'): z.ZodType | undefined {
  const own = connector[side]?.settings
  return own && inlineSettings(connector, own)
}

/**
 * The settings of a source or destination as a pipeline gives them: those of the connection and those of the stream or
 * target in one object. A setting that both have is parsed as the connection declares it. A pipeline that names a
 * connection may override such a setting, so it must be declared safe (`unsafeOverrides`).
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

/**
 * Settings that a side shares with the connection although the connection does not declare them safe. A pipeline could
 * override them, and so send the secrets of a connection elsewhere.
 */
export function unsafeOverrides(connector: Connector, side: 'source' | 'destination'): readonly string[] {
  const [outer, own] = [connector.connection?.settings, connector[side]?.settings]
  if (!(outer instanceof z.ZodObject) || !(own instanceof z.ZodObject)) return []
  return Object.entries(outer.shape)
    .filter(([name]) => Object.hasOwn(own.shape, name))
    .filter(([, schema]) => {
      const { safe, secret } = viewOf([schema], undefined)
      return secret || !safe
    })
    .map(([name]) => name)
}

function without(shape: z.core.$ZodShape, excluded: z.core.$ZodShape): z.core.$ZodShape {
  return Object.fromEntries(Object.entries(shape).filter(([name]) => !Object.hasOwn(excluded, name)))
}

/** What a connector without a connection has in its place. */
export const noSettings = z.strictObject({})
