import assert from 'node:assert/strict'
import { test } from 'node:test'
import { workspaceWatchers } from './workspace-watchers.ts'

const never = new AbortController().signal
const isDone = async (promise: Promise<void>) => {
  const pending = Symbol('pending')
  await Promise.resolve()
  await Promise.resolve()
  return (await Promise.race([promise, Promise.resolve(pending)])) !== pending
}

test('a wait ends when somebody enters the workspace, not when somebody enters another', async () => {
  const watchers = workspaceWatchers()
  const waits = watchers.whenPresent('demo', never)
  watchers.enter('other')
  assert.equal(await isDone(waits), false)
  watchers.enter('demo')
  await waits
  await watchers.whenPresent('demo', never)
})

test('a workspace is watched until the last watcher leaves', async () => {
  const watchers = workspaceWatchers()
  watchers.enter('demo')
  watchers.enter('demo')
  watchers.leave('demo')
  await watchers.whenPresent('demo', never)
  watchers.leave('demo')
  const waits = watchers.whenPresent('demo', never)
  assert.equal(await isDone(waits), false)
  watchers.enter('demo')
  await waits
})

test('an aborted wait ends', async () => {
  const watchers = workspaceWatchers()
  const stop = new AbortController()
  const waits = watchers.whenPresent('demo', stop.signal)
  assert.equal(await isDone(waits), false)
  stop.abort()
  await waits
  await watchers.whenPresent('demo', stop.signal)
})
