import { z } from 'zod'
import { ColumnTypeText, defineConnector } from '#sdk'
import { formats } from './formats.ts'

const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((value) => !value.includes('\0'), { error: 'has a zero byte' })
const format = z
  .enum(formats)
  .optional()
  .meta({ title: 'Format', description: 'Derived from the name of the file when not given.' })

export default defineConnector({
  type: 'file',
  title: 'File',
  category: 'files',
  about:
    'CSV, NDJSON, JSON and Parquet files of this machine, plain or compressed, inside the folders of MILLRACE_FILES.',
  proven: 'the file system of this machine',
  streams: { load: () => import('./source.ts') },
  source: {
    settings: z.strictObject({
      path: path.meta({
        title: 'Path',
        description: 'A file or a pattern such as "orders/*.csv.gz", inside the folders of MILLRACE_FILES.',
      }),
      format,
      header: z
        .boolean()
        .default(true)
        .meta({ title: 'Header', description: 'The first row of a CSV file names the columns.' }),
      delimiter: z
        .string()
        .length(1)
        .optional()
        .meta({ title: 'Delimiter', description: 'The character between values of a CSV file.' }),
      columns: z.record(z.string(), ColumnTypeText).optional().meta({
        title: 'Column types',
        description: 'Types by column, where the types that the file suggests are wrong.',
      }),
    }),
    reads: 'engine',
    modes: ['full'],
    load: () => import('./source.ts'),
  },
  destination: {
    settings: z.strictObject({
      path: path.meta({
        title: 'Path',
        description: 'The file to write; an existing file is replaced when the run succeeds.',
      }),
      format,
    }),
    replaces: () => true,
    delivery: 'exactly once',
    because: 'The file is written under another name and takes the place of the one before in one step.',
    load: () => import('./destination.ts'),
  },
})
