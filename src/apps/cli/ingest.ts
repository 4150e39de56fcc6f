import { randomUUID } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { parseJsonValue } from '#core/parse-json'
import { ProblemError, problemOf } from '#kernel/client'
import { rowBlocks, type RowBlock } from './blocks.ts'
import type { Connection } from './connection.ts'
import { CommandEnded, exitCodes, isUnreachable } from './exit.ts'
import type { Session } from './session.ts'
import { programName } from '#core/program-name'

const limits = { rows: 10_000, bytes: 4 * 1024 * 1024 }
const TRIES = 6

interface Answer {
  readonly accepted: number
  readonly rejected: number
  readonly position?: string
  readonly problems?: readonly { readonly at: string; readonly message: string }[]
}

export function addIngest(program: Command, session: Session): void {
  program
    .command('ingest')
    .description('Send events to a stream, from a file or standard input (NDJSON: one JSON object a line).')
    .argument('<stream>')
    .argument('<file>', 'NDJSON; -: standard input')
    .option('--again', 'send what was sent before once more, as new events')
    .addHelpText(
      'after',
      `
Events go in blocks of up to ${limits.rows.toLocaleString('en')}. Each block has a key made of its content, so a
file that broke off can simply be sent again within a day: what had arrived is not taken twice.

Examples:
  ${programName} ingest orders orders.ndjson
  zcat orders.ndjson.gz | ${programName} ingest orders -`,
    )
    .action(async (stream: string, file: string, options: { again?: boolean }) => {
      const out = session.out()
      if (file !== '-' && !existsSync(file)) throw new CommandEnded(exitCodes.usage, `There is no file "${file}".`)
      const source: AsyncIterable<Buffer> =
        file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1024 * 1024 })
      const salt = options.again ? randomUUID() : stream
      const total = { accepted: 0, rejected: 0, position: undefined as string | undefined }
      const reasons: string[] = []
      await session.use(async (connection) => {
        const progress = everySecond(() =>
          out.say(`${total.accepted.toLocaleString('en')} accepted, ${total.rejected.toLocaleString('en')} rejected`),
        )
        try {
          for await (const block of rowBlocks(source, limits, salt)) {
            const answer = await sendBlock(connection, stream, block, out.say)
            total.accepted += answer.accepted
            total.rejected += answer.rejected
            total.position = answer.position ?? total.position
            if (reasons.length < 5)
              reasons.push(
                ...(answer.problems ?? []).slice(0, 5 - reasons.length).map(({ at, message }) => `${at}: ${message}`),
              )
          }
        } finally {
          progress.stop()
        }
      })
      if (out.json) out.print(JSON.stringify(total))
      else out.print(`${total.accepted.toLocaleString('en')} accepted, ${total.rejected.toLocaleString('en')} rejected`)
      if (total.rejected > 0) {
        throw new CommandEnded(
          exitCodes.failed,
          [
            `${total.rejected === 1 ? '1 row was rejected and is' : `${total.rejected.toLocaleString('en')} rows were rejected and are`} kept in quarantine. The first reasons:`,
            ...reasons.map((reason) => `  ${reason}`),
          ].join('\n'),
        )
      }
    })
}

/** Sent until it is answered: the same key makes that harmless. */
async function sendBlock(
  { url, token }: Connection,
  stream: string,
  block: RowBlock,
  say: (line: string) => void,
): Promise<Answer> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(`${url}/api/v1/streams/${encodeURIComponent(stream)}/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'content-type': 'application/x-ndjson',
          'idempotency-key': block.key,
        },
        body: new Uint8Array(block.ndjson),
      })
      if (response.ok) return parseJsonValue(await response.text()) as Answer
      const problem = await problemOf(response)
      if (problem.code === 'streams.all_rejected')
        return { accepted: 0, rejected: block.rows, problems: problem.problems }
      throw problem
    } catch (error) {
      const passing =
        isUnreachable(error) ||
        (error instanceof ProblemError && (error.status === 503 || error.status === 504 || error.status === 429))
      if (!passing || attempt === TRIES) throw error
      const pause = Math.min(10_000, 250 * 2 ** attempt)
      say(`no answer (${(error as Error).message.slice(0, 80)}), trying again in ${pause / 1000} s`)
      await sleep(pause)
    }
  }
}

function everySecond(tick: () => void): { stop(): void } {
  const timer = setInterval(tick, 1_000)
  return { stop: () => clearInterval(timer) }
}
