import { stat } from 'node:fs/promises'
import { z } from 'zod'
import { ColumnTypeText, defineConnector } from '#sdk'
import { writeFile } from './destination.ts'
import { formats } from './formats.ts'
import { readFiles } from './source.ts'

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
    read: readFiles,
    check: async (settings, around) => {
      const reading = await readFiles(settings, around)
      return `${settings.path} has ${reading.columns.length} columns: ${reading.columns
        .map((column) => column.name)
        .slice(0, 20)
        .join(', ')}.`
    },
  },
  discovery: {
    settings: z.strictObject({}),
    list: async (_settings, around) => {
      const found = await around.files.list()
      return found.map((name) => ({ name, config: { path: name } }))
    },
  },
  destination: {
    settings: z.strictObject({
      path: path.meta({
        title: 'Path',
        description: 'The file to write; an existing file is replaced when the run succeeds.',
      }),
      format,
    }),
    delivery: 'exactly once',
    because: 'The file is written under another name and takes the place of the one before in one step.',
    open: writeFile,
    check: async (settings, around) => {
      const target = await around.files.target(settings.path)
      const there = await stat(target).catch(() => undefined)
      return there === undefined
        ? `"${settings.path}" can be written.`
        : `"${settings.path}" is there and will be replaced.`
    },
  },
})
