/** A disk that fills up: writes are refused with the reason, what was acknowledged stays, reading goes on. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort, startServer } from './server-process.ts'

const disk = mkdtempSync(join(tmpdir(), 'millrace-disk-'))
const mounted = mount()
after(() => {
  if (mounted) execFileSync('umount', ['-l', disk])
  rmSync(disk, { recursive: true, force: true })
})

function mount(): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=320m', 'tmpfs', disk], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

test(
  'a full disk refuses events with 503, keeps what was taken, and takes events again once there is room',
  { skip: mounted ? false : 'needs the right to mount a small tmpfs (root)', timeout: 150_000 },
  async () => {
    const home = join(disk, 'home')
    const server = startServer({ home, port: await freePort() })
    try {
      await server.ready()
      const ask = async (path: string, init: RequestInit = {}) => {
        const answer = await server.ask(path, init)
        // `any`: looked into freely, and a wrong guess fails the test
        return { status: answer.status, body: (await answer.json()) as any }
      }
      const rows = (body: string) =>
        ask('/api/v1/streams/notes/events', {
          method: 'POST',
          body,
          headers: { 'content-type': 'application/x-ndjson' },
        })
      const small = Array.from({ length: 500 }, (_, id) => JSON.stringify({ id, text: 'kept' })).join('\n')
      let accepted = (await rows(small)).body.accepted as number
      await writeFile(join(disk, 'ballast'), Buffer.alloc(1024)).catch(() => {})
      for (let part = 0; part < 400; part++) {
        const room = await writeFile(join(disk, `ballast-${part}`), Buffer.alloc(1_000_000)).then(
          () => true,
          () => false,
        )
        if (!room) break
      }
      let refused: { status: number; body: { code: string; detail: string } } | undefined
      for (let attempt = 0; attempt < 200 && refused === undefined; attempt++) {
        const big = Array.from({ length: 2000 }, (_, id) =>
          JSON.stringify({ id, text: Math.random().toString(36).repeat(12) }),
        ).join('\n')
        const answer = await rows(big)
        if (answer.status === 202) accepted += answer.body.accepted as number
        else refused = answer
      }
      assert.equal(refused?.status, 503, JSON.stringify(refused))
      assert.match(refused.body.detail, /disk|space/i)

      const read = await ask('/api/v1/streams/notes/events?limit=1')
      assert.equal(read.status, 200, JSON.stringify(read.body))
      for (const name of await readdir(disk)) if (name.startsWith('ballast')) await rm(join(disk, name))
      let again = await rows(small)
      for (let attempt = 0; attempt < 80 && again.status !== 202; attempt++) {
        await sleep(500)
        again = await rows(small)
      }
      assert.equal(again.status, 202, JSON.stringify(again))
      accepted += again.body.accepted as number
      assert.equal(Number((await ask('/api/v1/datasets/notes')).body.rows), accepted)
    } finally {
      await server.stop()
    }
  },
)
