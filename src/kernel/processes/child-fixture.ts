/** For tests: a child that does what its configuration and the messages of a file say. */
import { existsSync } from 'node:fs'
import { runChild } from './child-entry.ts'

export interface FixtureConfig {
  readonly fails?: string
  readonly says?: unknown
  /** It does not end by itself when it is asked to. */
  readonly clings?: boolean
  /** While this file exists, a start fails with many words on standard error. */
  readonly brokenWhile?: string
}

runChild<FixtureConfig, { pid: number }>(async ({ fails, says, clings, brokenWhile }, tell) => {
  if (fails !== undefined) throw new Error(fails)
  if (brokenWhile !== undefined && existsSync(brokenWhile)) {
    process.stderr.write(`${'noise '.repeat(20_000)}the last words`, () => process.exit(3))
    await new Promise(() => undefined)
  }
  const alive = setInterval(() => undefined, 1_000)
  if (says !== undefined) tell(says)
  return {
    ready: { pid: process.pid },
    end: async () => {
      if (clings === true) await new Promise(() => undefined)
      clearInterval(alive)
    },
  }
})
