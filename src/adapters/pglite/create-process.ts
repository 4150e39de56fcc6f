/**
 * A process that makes the files of a new database and ends. In a thread of the server, initdb would leave more than
 * 60 MB behind that the C library does not give back.
 */
import { writeSync } from 'node:fs'
import { runChild } from '#kernel/child-entry'
import './compiled-once.ts'
import { openDatabase } from './open-database.ts'
import type { DatabaseSettings } from './protocol.ts'

runChild(async (settings: DatabaseSettings) => {
  const database = await openDatabase(settings, (reason) => {
    writeSync(2, reason)
    process.exit(1)
  })
  await database.close()
  return { ready: 'created', end: async () => {} }
})
