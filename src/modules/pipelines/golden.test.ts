/**
 * Each folder of `golden/` is a pipeline with its files; beside it lie the plan, the SQL it compiles to
 * and the rows it loads, as the real engine answers. `UPDATE=1` writes them anew.
 */
import assert from 'node:assert/strict'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

const golden = new URL('./golden/', import.meta.url).pathname
const results = ['plan.json', 'compiled.sql', 'result.ndjson']
let house: House
before(async () => {
  house = await openHouse()
})
after(() => house.close())

for (const name of await readdir(golden)) {
  test(`${name} is planned, compiled and run as written down`, async () => {
    const folder = join(golden, name)
    await rm(join(house.home, 'files'), { recursive: true, force: true })
    for (const file of await readdir(folder)) {
      if (file !== 'pipeline.json' && !results.includes(file))
        await house.file(join('.workspaces', name, file), await readFile(join(folder, file)))
    }
    const definition = JSON.parse(await readFile(join(folder, 'pipeline.json'), 'utf8'))
    const workspace = { authorization: `Bearer ${name}` }
    const preview = await house.call('POST', '/api/v1/pipelines/preview', definition, workspace)
    assert.equal(preview.status, 200, JSON.stringify(preview.body))
    const made = await house.call('POST', '/api/v1/pipelines', definition, workspace)
    const { body: run } = await house.call(
      'POST',
      `/api/v1/pipelines/${made.body.id}/run?wait=60s`,
      undefined,
      workspace,
    )
    assert.equal(run.status, 'succeeded', JSON.stringify(run.error))
    const { body: logs } = await house.call('GET', `/api/v1/runs/${run.id}/logs`, undefined, workspace)

    const statements = logs.items
      .map((line: { message: string }) => line.message)
      .filter((message: string) => message.startsWith('INSERT'))
    const sql = statements.map((statement: string) => `${laidOut(neutral(statement, run.id, name))};\n`).join('\n')
    const plan = {
      steps: preview.body.steps.map(
        ({ name: step, columns }: { name: string; columns: { name: string; type: string; nullable: boolean }[] }) => ({
          step,
          columns: columns.map((column) => `${column.name} ${column.type}${column.nullable ? '' : ' not null'}`),
        }),
      ),
      ran: run.steps.map((step: { name: string; rows: number | null }) => ({ step: step.name, rows: step.rows })),
      rows: run.rows,
    }
    await same(join(folder, 'plan.json'), `${JSON.stringify(plan, null, 2)}\n`)
    await same(join(folder, 'compiled.sql'), sql)
    await same(join(folder, 'result.ndjson'), await resultOf(definition, name))
  })
}

async function same(path: string, found: string): Promise<void> {
  if (process.env['UPDATE'] === '1') await writeFile(path, found)
  assert.equal(found, await readFile(path, 'utf8'), path)
}

async function resultOf(
  definition: { destination: { type: string; config: { path?: string; dataset?: string } } },
  workspace: string,
): Promise<string> {
  const { type, config } = definition.destination
  const lines =
    type === 'file'
      ? (await readFile(join(house.home, filesOf(workspace), config.path ?? ''), 'utf8')).trim().split('\n')
      : (
          await house.call('GET', `/api/v1/datasets/${config.dataset}/rows`, undefined, {
            authorization: `Bearer ${workspace}`,
          })
        ).body.items.map(({ _position, _ingested_at, ...row }: Record<string, unknown>) => JSON.stringify(row))
  return `${lines.sort().join('\n')}\n`
}

function filesOf(workspace: string): string {
  return join('files', '.workspaces', workspace)
}

/** Without what differs from run to run. */
function neutral(statement: string, run: string, workspace: string): string {
  return statement
    .replaceAll(join(house.home, filesOf(workspace)), '/home/files')
    .replaceAll(run.replaceAll('-', ''), 'run')
    .replaceAll(run, 'run')
    .replaceAll(`ws_${workspace.replaceAll('-', '_')}`, 'ws')
}

function laidOut(statement: string): string {
  return statement.replaceAll(/ (SELECT|FROM|WHERE|GROUP BY) /g, '\n$1 ')
}
