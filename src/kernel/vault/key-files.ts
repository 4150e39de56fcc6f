/** Where keys are kept: `secrets.key` in the home, and the file that `MILLRACE_MASTER_KEY_FILE` names. */
import { randomBytes } from 'node:crypto'
import { chmod, link, mkdir, open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { WrongSetting } from '../settings/read-settings.ts'
import { keyForm, keyOf, parseKey, type Key } from './key.ts'

export async function masterKeyFrom(file: string): Promise<Key> {
  const wrong = (what: string) =>
    new WrongSetting(
      `The setting MILLRACE_MASTER_KEY_FILE is "${file}", which ${what}. Name a file that holds ${keyForm}.`,
    )
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw wrong(`cannot be read (${error.code ?? error.message})`)
  })
  const key = parseKey(text)
  if (key === undefined) throw wrong('holds no key')
  return key
}

/** The home's own key, if it has one. */
export async function keptHomeKey(home: string): Promise<Key | undefined> {
  const path = homeKeyFile(home)
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return undefined
  await chmod(path, 0o600)
  const bytes = Buffer.from(text.trim(), 'base64')
  if (bytes.length !== 32)
    throw new WrongSetting(`The key file "${path}" is damaged. Restore it from a backup of the home.`)
  return keyOf(bytes)
}

export async function makeHomeKey(home: string): Promise<Key> {
  const path = homeKeyFile(home)
  await mkdir(home, { recursive: true })
  // Written aside and linked, so that a crash never leaves half a key.
  const fresh = `${path}.${randomBytes(6).toString('hex')}`
  const handle = await open(fresh, 'wx', 0o600)
  await handle.writeFile(randomBytes(32).toString('base64'))
  await handle.sync()
  await handle.close()
  await link(fresh, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error
  })
  await rm(fresh)
  const kept = await keptHomeKey(home)
  if (kept === undefined) throw new Error(`The key file "${path}" was removed while it was made.`)
  return kept
}

function homeKeyFile(home: string): string {
  return join(home, 'secrets.key')
}
