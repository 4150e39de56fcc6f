/** A page of somebody else in the browser of somebody signed in: the same host on another port, which gets the cookie sent. */
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { openStage } from './browser.ts'

test('a page of another port neither reads nor changes nor listens with the cookie, our own page does', async () => {
  const stage = await openStage()
  const foreign = createServer((_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>other</title>'),
  )
  await new Promise<void>((resolve) => foreign.listen(0, '127.0.0.1', resolve))
  try {
    const page = await stage.signedIn()
    await page.waitForSelector('nav')
    const own = await page.evaluate(tryAll, stage.server.url)
    assert.deepEqual(own, { read: 200, changed: 403, image: 'error', socket: 'open', events: 'closed' })

    const other = await page.context().newPage()
    await other.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`)
    const theirs = await other.evaluate(tryAll, stage.server.url)
    assert.deepEqual(theirs, {
      read: 'refused',
      changed: 'refused',
      image: 'error',
      socket: 'closed',
      events: 'closed',
    })
    assert.doesNotMatch(await (await stage.server.ask('/api/v1/tokens')).text(), /theirs/)
    await other.goto(`${stage.server.url}/api/v1/session`)
    assert.match(await other.innerText('body'), /"workspace"/, 'a link from there leads here, signed in')
  } finally {
    foreign.close()
    await stage.close()
  }
})

/** Runs in the page. The change lacks the guard, as one made elsewhere would. */
async function tryAll(base: string): Promise<Record<string, unknown>> {
  const ask = async (path: string, init: RequestInit): Promise<number | string> =>
    await fetch(base + path, { credentials: 'include', ...init }).then(
      (answer) => answer.status || answer.type,
      () => 'refused',
    )
  const image = new Image()
  const loaded = new Promise((resolve) => {
    image.onload = () => resolve('loaded')
    image.onerror = () => resolve('error')
  })
  image.src = `${base}/api/v1/session?image`
  const socket = new WebSocket(`${base.replace('http', 'ws')}/ws/kpi/SHOP.NONE?period=minute`)
  const opened = new Promise((resolve) => {
    socket.onopen = () => resolve('open')
    socket.onerror = () => resolve('closed')
  })
  const source = new EventSource(`${base}/api/v1/metrics/SHOP.NONE/live?period=minute`, { withCredentials: true })
  const received = new Promise((resolve) => {
    source.onopen = () => resolve('open')
    source.onerror = () => resolve('closed')
  })
  const outcome = {
    read: await ask('/api/v1/session', {}),
    changed: await ask('/api/v1/tokens', { method: 'POST', mode: 'no-cors', body: '{"name":"theirs"}' }),
    image: await loaded,
    socket: await opened,
    events: await received,
  }
  socket.close()
  source.close()
  return outcome
}
