import { WarehouseError } from '#ports/warehouse'

/** From the system, from the engine and from PostgreSQL (53100), also deeper down. */
export function isDiskFull(error: unknown): boolean {
  for (let depth = 0; depth < 5 && typeof error === 'object' && error !== null; depth++) {
    const { code, cause, errcode } = error as { code?: unknown; cause?: unknown; errcode?: unknown }
    if (
      code === 'ENOSPC' ||
      code === '53100' ||
      (code === 'ERR_SQLITE_ERROR' && errcode === 13) ||
      (error instanceof WarehouseError && error.kind === 'disk_full')
    )
      return true
    error = cause
  }
  return false
}
