import { statfsSync } from 'node:fs'

/**
 * PostgreSQL stops hard when its log finds no room, so changes are refused a little before that.
 * Reading still works.
 */
export function requireRoom(directory: string, text: string): void {
  if (/^\s*(select|show|explain)\b/i.test(text)) return
  const { bavail, bsize } = statfsSync(directory)
  if (bavail * bsize > reserveBytes) return
  throw Object.assign(new Error('The disk that holds the metadata is full; nothing was changed.'), { code: '53100' })
}

const reserveBytes = 12 * 1024 * 1024
