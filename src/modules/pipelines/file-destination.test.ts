/** What a file destination leaves behind, on a full disk, after a kill, and while it is written. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { readdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { openHouse } from './house-fixture.ts'
import type { House } from './house-fixture.ts'

let house: House
let small = ''
let mounted = false
before(async () => {
  house = await openHouse()
  small = join(house.home, 'files', 'small')
  mkdirSync(small, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'tmpfs', small], { stdio: 'ignore' })
    mounted = true
  } catch {
    mounted = false
  }
  const rows = Array.from({ length: 60_000 }, (_, id) => `${id},${Math.random()}${Math.random()}${Math.random()}`)
  await house.file('large.csv', `id,text\n${rows.join('\n')}\n`)
  await house.file('tiny.csv', 'id,text\n1,new\n')
})
after(async () => {
  if (mounted) execFileSync('umount', ['-l', small])
  await house.close()
})

async function ran(
  name: string,
  from: string,
  to: string,
): Promise<{ id: string; status: string; error?: { code: string; detail: string } }> {
  const { body } = await house.call('POST', '/api/v1/pipelines', {
    name,
    type: 'batch',
    source: { type: 'file', config: { path: from } },
    destination: { type: 'file', config: { path: to } },
  })
  return (await house.call('POST', `/api/v1/pipelines/${body.id}/run?wait=60s`)).body
}

test('a full disk fails the run with the file in its words, leaves the file of before and nothing else', async (t) => {
  if (!mounted) return t.skip('needs the right to mount a small tmpfs (root)')
  for (const format of ['csv', 'ndjson', 'parquet']) {
    await writeFile(join(small, `out.${format}`), 'before')
    const run = await ran(`full ${format}`, 'large.csv', `small/out.${format}`)
    assert.deepEqual([run.status, run.error?.code], ['failed', 'file.full'], JSON.stringify(run))
    assert.match(run.error?.detail ?? '', new RegExp(`"small/out.${format}"`))
    assert.deepEqual(await readdir(small), [`out.${format}`])
    assert.equal(await readFile(join(small, `out.${format}`), 'utf8'), 'before')
    const { status } = await ran(`fits ${format}`, 'tiny.csv', `small/out.${format}`)
    assert.equal(status, 'succeeded')
    execFileSync('rm', [join(small, `out.${format}`)])
  }
})

test('what a killed run left beside its file goes with the next run into it; what another may be writing stays', async () => {
  const folder = join(house.home, 'files', 'left')
  mkdirSync(folder)
  const left = (run: string) => join(folder, `.millrace-${run}-out.csv`)
  const [old, fresh] = [left('0b4ff8e5-6a0c-4a3f-8f0e-2f2d9a0c1f11'), left('1b4ff8e5-6a0c-4a3f-8f0e-2f2d9a0c1f12')]
  const other = join(folder, '.millrace-0b4ff8e5-6a0c-4a3f-8f0e-2f2d9a0c1f11-other.csv')
  for (const path of [old, fresh, other]) await writeFile(path, 'half')
  const longAgo = new Date(Date.now() - 2 * 86_400_000)
  for (const path of [old, other]) await utimes(path, longAgo, longAgo)
  assert.equal((await ran('left', 'tiny.csv', 'left/out.csv')).status, 'succeeded')
  assert.deepEqual(
    (await readdir(folder)).toSorted(),
    [other, fresh, join(folder, 'out.csv')].map((path) => path.slice(folder.length + 1)).toSorted(),
  )
})

test('a name that leads elsewhere, or that the engine would read as a pattern, is refused by validation and not written to', async () => {
  for (const [to, code] of [
    ['../out.csv', 'connectors.outside'],
    ['/tmp/out.csv', 'connectors.outside'],
    ['left/../../admin.token.csv', 'connectors.outside'],
    ['out.zip::b.csv', 'file.name'],
    ['out{1,2}.csv', 'file.name'],
    ['out_{_partition_id}.csv', 'file.name'],
    ['*.csv', 'file.name'],
    ['out.exe', 'file.format'],
    ['tiny.csv/out.csv', 'connectors.below_file'],
  ] as const) {
    const definition = {
      name: `checked ${to}`,
      type: 'batch',
      source: { type: 'file', config: { path: 'tiny.csv' } },
      destination: { type: 'file', config: { path: to } },
    }
    const { body: checked } = await house.call('POST', '/api/v1/pipelines/validate', definition)
    assert.deepEqual(
      checked.problems.map((problem: { at: string; code: string }) => [problem.at, problem.code]),
      [['destination', code]],
      to,
    )
    const run = await ran(`to ${to}`, 'tiny.csv', to)
    assert.deepEqual([run.status, run.error?.code], ['failed', code], to)
  }
  assert.deepEqual(await readdir(join(house.home, 'files')), ['large.csv', 'left', 'small', 'tiny.csv'])
})

test('a source is no archive, no pipe and no address, whatever its path says', async () => {
  await house.file('a.zip', 'no archive')
  for (const path of [
    'a.zip::b.csv',
    'a.zip :: *.csv',
    'cat large.csv |',
    '| cat',
    'http://127.0.0.1/x.csv',
    'file:///etc/passwd',
    's3://bucket/x.csv',
    '/etc/passwd',
    '/proc/self/environ',
    '/dev/fd/0',
    'stdin',
    '0',
    '-',
  ]) {
    const { status, body } = await house.call('POST', '/api/v1/connectors/file/check', {
      config: { path, format: 'csv' },
    })
    assert.ok(
      ['connectors.outside', 'connectors.file', 'file.name'].includes(body.code),
      `${path}: ${status} ${JSON.stringify(body)}`,
    )
  }
})
