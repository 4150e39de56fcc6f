/** Rubbish in: each gives a clear error that names the thing, loses nothing, and the server lives. */
import assert from 'node:assert/strict'
import { request } from 'node:http'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCommand } from './command.ts'
import { startServer, token, type ServerProcess } from './server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

let home: string
let server: ServerProcess
before(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-'))
  server = startServer({ home, port: await freePort() })
  await server.ready()
})
after(async () => {
  await server.stop()
  await rm(home, { recursive: true, force: true })
})

const ndjson = { 'content-type': 'application/x-ndjson' }

// `any`: the tests look into answers freely, and a wrong guess fails them
async function call(
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: any }> {
  const sent = body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }
  const answer = await server.ask(path, { method, headers, ...sent })
  return { status: answer.status, body: await answer.json() }
}

test('malformed JSON is answered with its place', async () => {
  const { status, body } = await call('POST', '/api/v1/datasets', '{"name": "x",\n "columns": [}')
  assert.equal(status, 400)
  assert.equal(body.code, 'kernel.malformedJson')
  assert.match(body.detail, /line 2/)
})

test('a body of 2 GB is refused before it is sent', async () => {
  const answered = await new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sending = request(
      `${server.url}/api/v1/streams/flood/events`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, ...ndjson, 'content-length': 2 * 1024 ** 3 },
      },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => (text += part))
        answer.on('end', () => resolve({ status: answer.statusCode, text }))
      },
    )
    sending.on('error', reject)
    sending.write('{"a":1}\n')
  })
  assert.equal(answered.status, 413)
  assert.match(answered.text, /MB|MiB|bytes/)
})

test('a wrong type in row 7 of 1,000 keeps that row aside and takes the others', async () => {
  const rows = Array.from({ length: 1000 }, (_, index) => JSON.stringify({ id: index, amount: index + 0.5 }))
  await call('POST', '/api/v1/streams/thousand/events', rows.join('\n'), ndjson)
  rows[6] = '{"id": 6, "amount": "a lot"}'
  const { status, body } = await call('POST', '/api/v1/streams/thousand/events', rows.join('\n'), ndjson)
  assert.equal(status, 202)
  assert.equal(body.accepted, 999)
  assert.equal(body.rejected, 1)
  const kept = await call('GET', '/api/v1/datasets/thousand/quarantine')
  assert.equal(kept.body.items.length, 1)
  assert.match(kept.body.items[0].reason, /amount.*a lot/)
  assert.match(kept.body.items[0].reason, /row 7/)
})

test('an unknown column in a filter is named, with the one that was probably meant', async () => {
  await call('POST', '/api/v1/streams/filtered/events', { at: '2026-01-01T00:00:00Z', status: 'paid' })
  const { status, body } = await call('POST', '/api/v1/metrics', {
    code: 'F',
    name: 'F',
    dataset: 'filtered',
    time: 'at',
    measure: { type: 'count' },
    filter: "statsu = 'paid'",
  })
  assert.equal(status, 422)
  assert.equal(body.problems[0].at.startsWith('filter'), true, JSON.stringify(body.problems))
  assert.match(body.problems[0].message, /statsu/)
  assert.equal(body.problems[0].suggestion, 'status')
})

function filePipeline(name: string, path: string) {
  return {
    name,
    type: 'batch',
    source: { type: 'file', config: { path, format: 'csv' } },
    transformations: [],
    destination: { type: 'dataset', config: { dataset: `from_${name}`, mode: 'append' } },
  }
}

test('a path outside MILLRACE_FILES is refused, through dots and through links', async () => {
  await symlink('/etc/hostname', join(home, 'files', 'link.csv'))
  for (const [name, path] of [
    ['absolute', '/etc/hostname'],
    ['dots', '../admin.token'],
    ['link', 'link.csv'],
  ] as const) {
    const made = await call('POST', '/api/v1/pipelines', filePipeline(name, path))
    const { body } = made.status === 201 ? await call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=20s`) : made
    const said = JSON.stringify(body)
    assert.ok(made.status === 422 || body.status === 'failed', said)
    assert.match(said, /MILLRACE_FILES/, said)
    assert.doesNotMatch(said, new RegExp(token))
  }
})

test('a file that is gone when the run begins fails the run with its name', async () => {
  const path = join(home, 'files', 'brief.csv')
  await writeFile(path, 'a,b\n1,2\n')
  const made = await call('POST', '/api/v1/pipelines', filePipeline('brief', 'brief.csv'))
  assert.equal(made.status, 201, JSON.stringify(made.body))
  await rm(path)
  const { body } = await call('POST', `/api/v1/pipelines/${made.body.id}/run?wait=20s`)
  assert.equal(body.status, 'failed')
  assert.match(JSON.stringify(body.error), /brief\.csv/)
})

test('a second server on the same home is refused and names the first', async () => {
  const { code, printed } = await runCommand(['start'], { MILLRACE_HOME: home, MILLRACE_PORT: '0' })
  assert.notEqual(code, 0)
  assert.match(printed, new RegExp(String(server.pid)))
})

test('a port that is taken is named', async () => {
  const other = await mkdtemp(join(tmpdir(), 'millrace-'))
  const port = new URL(server.url).port
  const { code, printed } = await runCommand(['start'], {
    MILLRACE_HOME: other,
    MILLRACE_PORT: port,
    MILLRACE_DEMO: '0',
  })
  assert.notEqual(code, 0)
  assert.match(printed, new RegExp(`Port ${port}`))
  await rm(other, { recursive: true, force: true })
})

test('a home of a newer version and one that is no home are left alone', async () => {
  for (const [file, content] of [
    ['format.json', '{"format":9999}'],
    ['format.json', 'not a format'],
  ] as const) {
    const other = await mkdtemp(join(tmpdir(), 'millrace-'))
    await writeFile(join(other, file), content)
    const { code, printed } = await runCommand(['start'], {
      MILLRACE_HOME: other,
      MILLRACE_PORT: '0',
      MILLRACE_DEMO: '0',
    })
    assert.notEqual(code, 0, printed)
    assert.match(printed, new RegExp(other), printed)
    await rm(other, { recursive: true, force: true })
  }
})

test('after all this the server lives and holds what it took', async () => {
  const ready = await call('GET', '/ready')
  assert.equal(ready.status, 200)
  const { body } = await call('GET', '/api/v1/datasets/thousand')
  assert.equal(Number(body.rows), 1999)
})
