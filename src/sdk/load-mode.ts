import { z } from 'zod'

/** What a load does with the rows that are there already. */
export const loadModes = ['append', 'overwrite', 'merge'] as const
export type LoadMode = (typeof loadModes)[number]

/** For the setting `mode` of a destination with `defaultsMode`. */
export const loadModeSetting = z
  .enum(loadModes, {
    error: ({ input }) =>
      input === 'history' ? 'is "history", which a later version brings; use append, overwrite or merge' : undefined,
  })
  .optional()
  .meta({
    title: 'Mode',
    description:
      'Add rows, put them in place of all rows, or update by key. When not given, a batch puts them in place of all rows, or updates when there is a key, and a streaming pipeline adds them.',
    safe: true,
  })
