/** A home that cannot be opened as it is; the sentence says what to do. */
export class UnusableHome extends Error {
  override readonly name = 'UnusableHome'
}

/** What the system refused, without its code and call. */
export function accessFault(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'EEXIST':
      return 'a file has this name'
    case 'ENOTDIR':
      return 'a folder above it is a file'
    case 'EACCES':
    case 'EPERM':
      return 'this user has no permission'
    case 'EROFS':
      return 'the file system is read-only'
    default:
      return message
  }
}

/** The path that a system call was refused for want of permission; undefined for any other error. */
export function forbiddenPath(error: unknown): string | undefined {
  const { code, path } = error as NodeJS.ErrnoException
  return ['EACCES', 'EPERM', 'EROFS'].includes(code ?? '') ? path : undefined
}
