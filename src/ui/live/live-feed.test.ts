import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LivePoint } from './frames.ts'
import type { LiveBrowser, SocketLike } from './live-browser.ts'
import { openLiveFeed } from './live-feed.ts'

/** A browser whose clock the test moves, with sockets that the test speaks through. */
function testBrowser() {
  let now = 0
  let tasks: { at: number; task: () => void }[] = []
  const sockets: { path: string; socket: SocketLike }[] = []
  const browser: LiveBrowser = {
    open(path) {
      const socket: SocketLike = { onopen: null, onmessage: null, onclose: null, close() {} }
      sockets.push({ path, socket })
      return socket
    },
    now: () => now,
    later(task, milliseconds) {
      const entry = { at: now + milliseconds, task }
      tasks.push(entry)
      return () => (tasks = tasks.filter((other) => other !== entry))
    },
    hidden: () => false,
    random: () => 1,
  }
  async function pass(milliseconds: number): Promise<void> {
    const until = now + milliseconds
    for (;;) {
      await new Promise(setImmediate)
      const next = tasks.filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      tasks = tasks.filter((other) => other !== next)
      now = next.at
      next.task()
    }
    now = until
  }
  const say = (frame: object, index = sockets.length - 1) =>
    sockets[index]?.socket.onmessage?.({ data: JSON.stringify(frame) })
  const drop = () => sockets.at(-1)?.socket.onclose?.()
  return { browser, sockets, pass, say, drop }
}

function point(value: number): LivePoint {
  return { code: 'A', period: 'minute', start: '2026-11-21T10:00:00Z', value, state: 'open', dataPoints: 1 }
}
const frame = (type: string, offset: number, value: number, epoch = 'e') => ({
  type,
  epoch,
  offset,
  at: '',
  points: [point(value)],
})
const only = (points: readonly LivePoint[]) => points.map((p) => p.value)

test('the first value comes over HTTP, then the socket takes over', async () => {
  const t = testBrowser()
  const feed = openLiveFeed({ path: '/ws/kpi/A', poll: async () => [point(1)], browser: t.browser })
  await t.pass(300)
  assert.deepEqual(only(feed.current().points), [1])
  t.say(frame('snapshot', 1, 2))
  await t.pass(300)
  assert.deepEqual(only(feed.current().points), [2])
  assert.equal(feed.current().link, 'live')
  feed.close()
})

test('a burst of frames is painted at most four times a second', async () => {
  const t = testBrowser()
  const feed = openLiveFeed({ path: '/ws/kpi/A', poll: async () => [], browser: t.browser })
  let paints = 0
  feed.subscribe(() => (paints += 1))
  t.say(frame('snapshot', 0, 0))
  for (let offset = 1; offset <= 1000; offset += 1) {
    t.say(frame('update', offset, offset))
    if (offset % 100 === 0) await t.pass(100)
  }
  await t.pass(300)
  assert.ok(paints <= 6, `${paints} paints in 1.3 s`)
  assert.deepEqual(only(feed.current().points), [1000])
  feed.close()
})

test('a lost socket is opened again from where it was', async () => {
  const t = testBrowser()
  const feed = openLiveFeed({ path: '/ws/kpi/A?period=minute', poll: async () => [], browser: t.browser })
  t.say(frame('snapshot', 41, 5))
  t.drop()
  await t.pass(300)
  assert.equal(feed.current().link, 'reconnecting')
  assert.deepEqual(only(feed.current().points), [5])
  await t.pass(2_000)
  assert.equal(t.sockets.at(-1)?.path, '/ws/kpi/A?period=minute&epoch=e&offset=41')
  t.say(frame('update', 42, 6))
  await t.pass(300)
  assert.deepEqual([feed.current().link, ...only(feed.current().points)], ['live', 6])
  feed.close()
})

test('where sockets are not to be had it polls, and says so', async () => {
  const t = testBrowser()
  let asked = 0
  const feed = openLiveFeed({ path: '/ws/kpi/A', poll: async () => [point((asked += 1))], browser: t.browser })
  for (let attempt = 0; attempt < 3; attempt += 1) {
    t.drop()
    await t.pass(5_000)
  }
  await t.pass(10_000)
  assert.equal(feed.current().link, 'polling')
  assert.ok(asked > 3)
  feed.close()
})

test('where nothing answers at all it says that it is reconnecting, and keeps what it had', async () => {
  const t = testBrowser()
  let answers = true
  const feed = openLiveFeed({
    path: '/ws/kpi/A',
    poll: async () => (answers ? [point(1)] : Promise.reject(new Error('gone'))),
    browser: t.browser,
  })
  t.say(frame('snapshot', 1, 7))
  await t.pass(300)
  answers = false
  for (let attempt = 0; attempt < 5; attempt += 1) {
    t.drop()
    await t.pass(8_000)
  }
  assert.deepEqual([feed.current().link, ...only(feed.current().points)], ['reconnecting', 7])
  await t.pass(40_000)
  t.say(frame('snapshot', 2, 8))
  await t.pass(300)
  assert.deepEqual([feed.current().link, ...only(feed.current().points)], ['live', 8])
  feed.close()
})

test('a socket that falls silent is given up', async () => {
  const t = testBrowser()
  const feed = openLiveFeed({ path: '/ws/kpi/A', poll: async () => [], browser: t.browser })
  t.say(frame('snapshot', 1, 1))
  await t.pass(40_000)
  t.say({ type: 'heartbeat', at: '' })
  await t.pass(40_000)
  assert.equal(t.sockets.length, 1)
  await t.pass(10_000)
  assert.equal(t.sockets.length, 2)
  feed.close()
})

test('a paused feed holds still and catches up at once', async () => {
  const t = testBrowser()
  const feed = openLiveFeed({ path: '/ws/kpi/A', poll: async () => [], browser: t.browser })
  t.say(frame('snapshot', 1, 1))
  await t.pass(300)
  feed.pause()
  t.say(frame('update', 2, 2))
  await t.pass(1_000)
  assert.deepEqual([feed.current().link, ...only(feed.current().points)], ['paused', 1])
  feed.go()
  await t.pass(300)
  assert.deepEqual([feed.current().link, ...only(feed.current().points)], ['live', 2])
  feed.close()
})
