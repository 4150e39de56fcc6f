import assert from 'node:assert/strict'
import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { after, before, describe, test } from 'node:test'
import type { BlobInfo, Blobs } from '../blobs.ts'

export function registerBlobsSuite(
  name: string,
  open: () => Promise<{ blobs: Blobs; closed?: () => Promise<void> }>,
): void {
  describe(`blobs: ${name}`, () => {
    let blobs: Blobs
    let closed: (() => Promise<void>) | undefined
    const root = `suite-${randomUUID()}`
    before(async () => {
      ;({ blobs, closed } = await open())
    })
    after(async () => {
      await blobs.close()
      await closed?.()
    })
    const read = async (key: string, range?: { from: number; to?: number }): Promise<string> =>
      (await buffer(await blobs.get(key, range))).toString()
    const list = async (prefix: string): Promise<BlobInfo[]> => {
      const found: BlobInfo[] = []
      for await (const info of blobs.list(prefix)) found.push(info)
      return found
    }

    test('what is put is there, with its size and checksum', async () => {
      const body = Buffer.from('the body')
      const stored = await blobs.put(`${root}/a/b.txt`, body)
      const sha256 = createHash('sha256').update(body).digest('hex')
      assert.deepEqual(
        { key: stored.key, bytes: stored.bytes, sha256: stored.sha256 },
        { key: `${root}/a/b.txt`, bytes: 8, sha256 },
      )
      const info = await blobs.head(`${root}/a/b.txt`)
      assert.equal(info?.sha256, sha256)
      assert.ok(Math.abs((info?.modifiedAt ?? 0) - Date.now()) < 60_000)
      assert.equal(await read(`${root}/a/b.txt`), 'the body')
    })

    test('a stream of many parts is stored whole', async () => {
      const parts = Array.from({ length: 200 }, (_, n) => Buffer.alloc(10_000, n % 256))
      const stored = await blobs.put(`${root}/big`, Readable.from(parts))
      assert.equal(stored.bytes, 2_000_000)
      assert.equal(stored.sha256, createHash('sha256').update(Buffer.concat(parts)).digest('hex'))
      assert.deepEqual(await buffer(await blobs.get(`${root}/big`)), Buffer.concat(parts))
    })

    test('an empty blob is a blob', async () => {
      assert.equal((await blobs.put(`${root}/empty`, new Uint8Array())).bytes, 0)
      assert.equal(await read(`${root}/empty`), '')
    })

    test('a stream that breaks leaves what was there before', async () => {
      await blobs.put(`${root}/kept`, Buffer.from('before'))
      const breaking = Readable.from(
        (async function* () {
          yield Buffer.from('half')
          throw new Error('broken')
        })(),
      )
      await assert.rejects(blobs.put(`${root}/kept`, breaking), /broken/)
      assert.equal(await read(`${root}/kept`), 'before')
      assert.equal((await blobs.head(`${root}/kept`))?.bytes, 6)
    })

    test('putting again replaces, checksum included', async () => {
      await blobs.put(`${root}/again`, Buffer.from('one'))
      const stored = await blobs.put(`${root}/again`, Buffer.from('twice'))
      assert.equal(await read(`${root}/again`), 'twice')
      assert.equal((await blobs.head(`${root}/again`))?.sha256, stored.sha256)
    })

    test('ranges are from the first byte to before the last', async () => {
      await blobs.put(`${root}/range`, Buffer.from('0123456789'))
      assert.equal(await read(`${root}/range`, { from: 2, to: 5 }), '234')
      assert.equal(await read(`${root}/range`, { from: 7 }), '789')
      await assert.rejects(blobs.get(`${root}/range`, { from: 5, to: 5 }))
    })

    test('a list has the keys of the prefix in order of their bytes', async () => {
      const keys = ['x/b', 'x/a/2', 'x/a/1', 'x/a-b', 'x/a0', 'x/ä', 'xy']
      for (const key of keys) await blobs.put(`${root}/list/${key}`, Buffer.from(key))
      const found = async (prefix: string): Promise<string[]> =>
        (await list(`${root}/list/${prefix}`)).map((info) => info.key.slice(`${root}/list/`.length))
      assert.deepEqual(await found(''), ['x/a-b', 'x/a/1', 'x/a/2', 'x/a0', 'x/b', 'x/ä', 'xy'])
      assert.deepEqual(await found('x/a/'), ['x/a/1', 'x/a/2'])
      assert.deepEqual(await found('x/a'), ['x/a-b', 'x/a/1', 'x/a/2', 'x/a0'])
      assert.deepEqual(await found('none'), [])
    })

    test('a deleted blob is gone, and deleting it again is harmless', async () => {
      await blobs.put(`${root}/gone`, Buffer.from('x'))
      await blobs.delete(`${root}/gone`)
      await blobs.delete(`${root}/gone`)
      assert.equal(await blobs.head(`${root}/gone`), undefined)
      await assert.rejects(blobs.get(`${root}/gone`), /gone/)
    })

    test('keys that could lead elsewhere are refused everywhere', async () => {
      for (const key of ['', '/a', 'a/', 'a//b', '../a', 'a/../b', './a', 'a\\b', 'a\0b', 'a'.repeat(300)]) {
        await assert.rejects(async () => await blobs.put(key, Buffer.from('x')), Error, key)
        await assert.rejects(async () => await blobs.get(key), Error, key)
        await assert.rejects(async () => await blobs.head(key), Error, key)
        await assert.rejects(async () => await blobs.delete(key), Error, key)
      }
    })
  })
}
