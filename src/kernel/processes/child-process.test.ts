import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { startChild } from './child-process.ts'
import { processStart } from './process-record.ts'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'millrace-child-'))
})
after(() => rm(folder, { recursive: true, force: true }))

test('a child that cannot receive its configuration is not ready, and has ended only when its process has', async () => {
  const closed = join(folder, 'closed')
  const entry = join(folder, 'deaf-child.mjs')
  await writeFile(
    entry,
    `import { writeFileSync } from 'node:fs'
     setInterval(() => undefined, 1_000)
     process.once('disconnect', () => writeFileSync(${JSON.stringify(closed)}, ''))
     process.disconnect()`,
  )
  const child = startChild({
    name: 'the deaf child',
    entry: pathToFileURL(entry),
    config: {},
    environment: { PATH: process.env['PATH'] },
    // The event loop is blocked, so this side does not see that the pipe is closed and sends into it.
    beforeStart: () => {
      while (!existsSync(closed)) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
    },
  })
  try {
    await assert.rejects(child.ready, /EPIPE/)
    assert.notEqual(processStart(child.pid), undefined)
  } finally {
    child.kill()
  }
  assert.match(await child.ended, /SIGKILL/)
  assert.equal(processStart(child.pid), undefined)
})
