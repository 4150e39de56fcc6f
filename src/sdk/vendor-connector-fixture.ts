/** For tests: a connector of a made-up vendor, with the settings that a test is about. */
import { z } from 'zod'
import type { Batch } from './batches.ts'
import { defineConnector } from './connector.ts'
import type { Connector, DestinationSpec, SourceStream } from './connector.ts'

export interface Vendor {
  readonly connection?: z.ZodObject
  readonly check?: (connection: Readonly<Record<string, unknown>>) => Promise<string>
  readonly streams?: () => Promise<readonly SourceStream[]>
  /** Default: a table. */
  readonly source?: z.ZodObject
  /** Default: one row. */
  readonly batches?: readonly Batch[]
  readonly destination?: DestinationSpec<z.ZodType>
}

export interface VendorConnector {
  readonly connector: Connector
  /** The settings of each read, in order. */
  readonly reached: unknown[]
}

export function vendorConnector({
  connection,
  check = async () => 'fine',
  streams,
  source = z.strictObject({ table: z.string() }),
  batches = [{ rows: [{ id: 1 }] }],
  destination,
}: Vendor): VendorConnector {
  const reached: unknown[] = []
  const connector = defineConnector<z.ZodType, z.ZodType>({
    type: 'vendor',
    title: 'Vendor',
    category: 'web',
    about: 'Rows of a vendor.',
    proven: 'this test',
    ...(connection && {
      connection: {
        settings: connection,
        load: async () => ({ check: (given) => check(given as Readonly<Record<string, unknown>>) }),
      },
    }),
    ...(streams && { streams: { load: async () => ({ streams }) } }),
    source: {
      settings: source,
      reads: 'batches',
      modes: ['full'],
      load: async () => ({
        read: async (settings: unknown) => {
          reached.push(settings)
          return {
            by: 'batches',
            batches: async function* () {
              yield* batches
            },
          }
        },
      }),
    },
    ...(destination && { destination }),
  })
  return { connector, reached }
}
