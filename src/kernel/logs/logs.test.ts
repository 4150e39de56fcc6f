import assert from 'node:assert/strict'
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openLog } from './logs.ts'

for (const pretty of [false, true])
  test(`no secret of a URL is in a line of the log, nor in an error that it tells (${pretty ? 'for people' : 'JSON'})`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'millrace-log-'))
    const descriptor = openSync(join(folder, 'log'), 'w')
    try {
      const url = 'https://a.example/x?page=2&api_key=hunter2'
      const log = openLog({ level: 'info', descriptor, pretty })
      log.warn({ url, err: new Error(`"${url}" is gone`), token: 'hunter2' }, `could not read ${url}`)
      const written = readFileSync(join(folder, 'log'), 'utf8')
      assert.doesNotMatch(written, /hunter2/)
      assert.equal(written.split('page=2&api_key=***').length > 3, true, written)
    } finally {
      closeSync(descriptor)
      rmSync(folder, { recursive: true })
    }
  })
