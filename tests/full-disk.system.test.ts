/** A disk that fills up: writes are refused with the reason, what was acknowledged stays, reading still works. */
import assert from 'node:assert/strict'
import { open, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { smallDisk } from './small-disk.ts'
import { startServer } from './server-process.ts'
import { freePort } from '../tools/testing/free-port.ts'

const disk = smallDisk(320)

test(
  'a full disk refuses events with 503, keeps what was accepted, and accepts events again once there is room',
  { skip: disk.skip, timeout: 150_000 },
  async () => {
    const home = join(disk.path, 'home')
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
      await writeFile(join(disk.path, 'ballast'), Buffer.alloc(1024)).catch(() => {})
      for (let part = 0; part < 400; part++) {
        const room = await writeFile(join(disk.path, `ballast-${part}`), Buffer.alloc(1_000_000)).then(
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

      // The disk is probed at most once in two seconds.
      let full = await ask('/ready')
      for (let attempt = 0; attempt < 50 && full.status === 200; attempt++) {
        await sleep(100)
        full = await ask('/ready')
      }
      const probed = full.body.parts.find((part: { name: string }) => part.name === 'disk')
      assert.deepEqual([full.status, full.body.ready, probed.ok], [503, false, false], JSON.stringify(full.body))
      assert.match(probed.detail, /is full: \d+ bytes are free/)

      const read = await ask('/api/v1/streams/notes/events?limit=1')
      assert.equal(read.status, 200, JSON.stringify(read.body))
      for (const name of await readdir(disk.path)) if (name.startsWith('ballast')) await rm(join(disk.path, name))
      let again = await rows(small)
      for (let attempt = 0; attempt < 80 && again.status !== 202; attempt++) {
        await sleep(500)
        again = await rows(small)
      }
      assert.equal(again.status, 202, JSON.stringify(again))
      accepted += again.body.accepted as number
      assert.equal(Number((await ask('/api/v1/datasets/notes')).body.rows), accepted)
      await server.ready()
    } finally {
      await server.stop()
    }
  },
)

test(
  'a start on a full disk ends with one sentence that says so, however little room is left',
  { skip: disk.skip, timeout: 120_000 },
  async () => {
    for (const freeMegabytes of [0, 2, 10]) {
      await rm(join(disk.path, 'home'), { recursive: true, force: true })
      const filling = Buffer.alloc(1 << 16)
      const { bavail, bsize } = await statfs(disk.path)
      const ballast = await open(join(disk.path, 'ballast'), 'w')
      for (let left = bavail * bsize - freeMegabytes * (1 << 20); left > 0; left -= filling.length)
        if ((await ballast.write(filling).catch(() => undefined)) === undefined) break
      await ballast.close()
      const server = startServer({ home: join(disk.path, 'home'), port: await freePort() })
      await assert.rejects(server.ready())
      assert.match(server.said(), /The disk that holds the home ".*home" is full\. Free some space/)
      assert.doesNotMatch(server.said(), /object Object|\bat .*\.ts:\d+/)
      await server.stop()
      await rm(join(disk.path, 'ballast'))
    }
  },
)
