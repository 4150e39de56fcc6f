import { constants, copyFileSync, mkdirSync, readdirSync, statSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { besideThisFile } from '#kernel/beside-this-file'
import { childEnvironment } from '#kernel/child-environment'
import { startChild } from '#kernel/child-process'
import { clearRecord, endLeftBehind, writeRecord } from '#kernel/process-record'
import { unavailable } from './connection.ts'
import type { DatabaseSettings } from './protocol.ts'

/** For tests: the folder of an empty database to copy, since making one takes two seconds. */
const templateVariable = 'MILLRACE_TEST_PGLITE_TEMPLATE'

/** Under another name first: a database half made is never taken for one. */
export async function createDatabase({ directory, durability }: DatabaseSettings): Promise<void> {
  const making = `${directory}.making`
  const record = `${making}.process.json`
  await endLeftBehind(record)
  await rm(making, { recursive: true, force: true })
  await mkdir(dirname(directory), { recursive: true })
  const template = process.env[templateVariable]
  if (template === undefined) await makeInProcess({ directory: making, durability }, record)
  else copyFolder(template, making)
  await rm(directory, { recursive: true, force: true })
  await rename(making, directory)
}

/** In a third of the processor time that `cp` takes; `cpSync` names a full disk an input/output error. */
function copyFolder(from: string, to: string): void {
  mkdirSync(to, { mode: statSync(from).mode })
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)]
    if (entry.isDirectory()) copyFolder(source, target)
    else copyFileSync(source, target, constants.COPYFILE_FICLONE)
  }
}

async function makeInProcess(settings: DatabaseSettings, record: string): Promise<void> {
  const child = startChild<'created'>({
    name: 'the metadata database',
    entry: besideThisFile('create-process', import.meta.url),
    config: settings,
    environment: childEnvironment(),
    beforeStart: (pid) => writeRecord(record, pid),
  })
  try {
    await child.ready
    child.stop()
  } catch (error) {
    child.kill()
    throw unavailable(error)
  } finally {
    await child.ended
    clearRecord(record)
  }
}
