import type { Command } from 'commander'
import { countText } from '#core/count-text'
import { parseKeepingDigits } from '#core/exact-json'
import { problemOf } from '#kernel/client'
import { writeStream } from './output.ts'
import type { Session } from './session.ts'
import { table } from './table.ts'
import { programName } from '#core/program-name'

const formats: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  arrow: 'application/vnd.apache.arrow.stream',
  parquet: 'application/vnd.apache.parquet',
}

interface QueryAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly rowCount: number
  readonly truncated: boolean
  readonly elapsedMs: number
}

export function addQuery(program: Command, session: Session): void {
  program
    .command('query')
    .description('Query the datasets with SQL.')
    .argument('<sql>', 'one SELECT')
    .option('--limit <rows>', 'at most so many rows')
    .option('--format <format>', `stream the whole answer: ${Object.keys(formats).join(', ')}`)
    .option('--output <file>', 'where to write it; default: standard output')
    .addHelpText(
      'after',
      `\nExamples:\n  ${programName} query "select status, count() from orders group by status"\n  ${programName} query "select * from orders" --format parquet --output orders.parquet`,
    )
    .action(async (sql: string, options: { limit?: string; format?: string; output?: string }, command: Command) => {
      const accept = options.format === undefined ? 'application/json' : formats[options.format]
      if (accept === undefined)
        command.error(`error: there is no format "${options.format}"; use ${Object.keys(formats).join(', ')}`)
      await session.use(async ({ url, token }) => {
        const response = await fetch(`${url}/api/v1/query`, {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', accept },
          body: JSON.stringify({ sql, ...(options.limit !== undefined && { limit: Number(options.limit) }) }),
        })
        if (!response.ok) throw await problemOf(response)
        if (options.format !== undefined) return writeStream(response, options.output)
        show(parseKeepingDigits(await response.text()) as QueryAnswer, session)
      })
    })
}

function show(answer: QueryAnswer, session: Session): void {
  const out = session.out()
  if (out.json) return out.print(JSON.stringify(answer, undefined, 2))
  out.print(
    table(
      answer.columns.map(({ name }) => name),
      answer.rows,
      process.stdout.columns,
    ),
  )
  out.say(
    `${countText(answer.rowCount, 'row')}${answer.truncated ? ', cut off: use --limit or --format' : ''} in ${answer.elapsedMs} ms`,
  )
}
