import { PGlite, types } from '@electric-sql/pglite'
import { parseJsonValue } from '#core/parse-json'
import { DurableFiles, startParameters } from './durable-files.ts'
import type { DatabaseSettings } from './protocol.ts'

/** ENOSPC in WebAssembly's numbers. */
const NO_SPACE = 51

/** Opens the database in `directory`, and makes it when the folder is empty. `end` ends this thread or process. */
export async function openDatabase(settings: DatabaseSettings, end: (reason: string) => never): Promise<PGlite> {
  /** After a PANIC (its log could not be written) PostgreSQL would spin in this thread for ever. */
  let complaint: string | undefined
  const listen = (text: string): boolean => {
    const [found] = /(PANIC|FATAL): .*/.exec(text) ?? []
    complaint = found?.trim().slice(0, 500) ?? complaint
    return found?.startsWith('PANIC') === true ? end(complaint ?? found) : false
  }
  return await PGlite.create({
    onStderr: listen,
    initDbStartParams: ['--wal-segsize=1'],
    fs: new DurableFiles(settings.directory),
    startParams: startParameters(PGlite.defaultStartParams, settings.durability),
    parsers: { [types.DATE]: (text: string) => text, [types.JSON]: parseJsonValue, [types.JSONB]: parseJsonValue },
  }).catch((error: unknown) => end(complaint ?? reasonOf(error)))
}

/** The file system of PGlite throws objects that carry nothing but a number. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message
  const { errno } = error as { errno?: number }
  if (errno === NO_SPACE) return 'No space left on device'
  return errno === undefined ? String(error) : `the file system reports error ${errno}`
}
