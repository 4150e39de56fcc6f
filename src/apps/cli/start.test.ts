import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readyLines } from './start.ts'

test('a start without built pages says beside the link that it shows none, and how to build them', () => {
  const ready = {
    url: 'http://127.0.0.1:8000',
    home: '/home/me/.millrace',
    link: 'http://127.0.0.1:8000/app/x',
    after: '1 s',
  }
  const withPages = readyLines({ ...ready, pages: true })
  assert.doesNotMatch(withPages.join('\n'), /not built/)
  assert.match(
    readyLines({ ...ready, pages: false })
      .slice(withPages.length)
      .join('\n'),
    /not built.*npm start/s,
  )
})
