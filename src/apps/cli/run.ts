import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { parseJsonValue } from '#core/parse-json'
import { problemOf } from '#kernel/client'
import type { Connection } from './connection.ts'
import { readDocument } from './document.ts'
import { CommandEnded, exitCodes } from './exit.ts'
import type { Output } from './output.ts'
import type { Session } from './session.ts'
import { fields } from './table.ts'
import { programName } from '#core/program-name'

interface Run {
  readonly id: string
  readonly status: 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'
  readonly rows: { readonly read: number; readonly written: number; readonly quarantined: number }
  readonly error?: { readonly detail?: string; readonly message?: string } | string
}

interface Pipeline {
  readonly id: string
  readonly name: string
  readonly type?: string
}

export function addRun(program: Command, session: Session): void {
  program
    .command('run')
    .description('Run a pipeline, from a definition in a file or by its name, and wait for its end.')
    .argument('<file-or-name>', 'a JSON or YAML file with a definition, or the name or id of a pipeline')
    .option('--detach', 'do not wait for the end')
    .addHelpText(
      'after',
      `\nA file makes the pipeline of its name, or brings it up to date, and then runs it.\n\nExamples:\n  ${programName} run orders-to-parquet.yaml\n  ${programName} run orders-to-parquet`,
    )
    .action(async (target: string, options: { detach?: boolean }) => {
      const out = session.out()
      await session.use(async (connection) => {
        const ask = requester(connection)
        const pipeline = existsSync(target) ? await saveFrom(ask, target, out) : await find(ask, target)
        const { runId } = await ask<{ runId: string }>(
          'POST',
          `/api/v1/pipelines/${encodeURIComponent(pipeline.id)}/run`,
        )
        if (options.detach || pipeline.type === 'streaming')
          return out.print(out.json ? JSON.stringify({ runId }) : runId)
        const run = await follow(ask, runId, out)
        out.print(
          out.json ? JSON.stringify(run, undefined, 2) : fields({ run: run.id, status: run.status, ...run.rows }),
        )
        if (run.status !== 'succeeded')
          throw new CommandEnded(
            exitCodes.failed,
            `The run of "${pipeline.name}" ${run.status === 'cancelled' ? 'was cancelled' : `failed${reason(run)}`}`,
          )
      })
    })
}

type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>

function requester({ url, token }: Connection): Ask {
  return async <T>(method: string, path: string, body?: unknown) => {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw await problemOf(response)
    return parseJsonValue(await response.text()) as T
  }
}

async function saveFrom(ask: Ask, file: string, out: Output): Promise<Pipeline> {
  const definition = readDocument(file) as { name?: unknown } | undefined
  const name = definition?.name
  const known = typeof name === 'string' ? await named(ask, name) : undefined
  if (!known) return ask<Pipeline>('POST', '/api/v1/pipelines', definition)
  out.say(`"${known.name}" is there already; bringing it up to date`)
  return ask<Pipeline>('PUT', `/api/v1/pipelines/${encodeURIComponent(known.id)}`, definition)
}

async function find(ask: Ask, target: string): Promise<Pipeline> {
  const found = await named(ask, target)
  if (found) return found
  if (/\.(json|ya?ml)$|\//.test(target)) throw new CommandEnded(exitCodes.usage, `There is no file "${target}".`)
  return ask<Pipeline>('GET', `/api/v1/pipelines/${encodeURIComponent(target)}`)
}

async function named(ask: Ask, name: string): Promise<Pipeline | undefined> {
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: { items: Pipeline[]; next: string | null } = await ask(
      'GET',
      `/api/v1/pipelines?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
    )
    const found = page.items.find((pipeline) => pipeline.name === name)
    if (found) return found
    cursor = page.next
  }
  return undefined
}

async function follow(ask: Ask, runId: string, out: Output): Promise<Run> {
  let printed = ''
  for (;;) {
    const run = await ask<Run>('GET', `/api/v1/runs/${encodeURIComponent(runId)}`)
    const state = `${run.status}: ${run.rows.read.toLocaleString('en')} read, ${run.rows.written.toLocaleString('en')} written${run.rows.quarantined ? `, ${run.rows.quarantined.toLocaleString('en')} quarantined` : ''}`
    if (state !== printed) out.say(state)
    printed = state
    if (run.status !== 'queued' && run.status !== 'running') return run
    await sleep(300)
  }
}

function reason({ error }: Run): string {
  const text = typeof error === 'string' ? error : (error?.detail ?? error?.message)
  return text ? `: ${text}` : '.'
}
