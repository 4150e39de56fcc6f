import type { IncomingHttpHeaders } from 'node:http'

const lifetimeSeconds = 30 * 86_400

/** The session's cookie. Its name carries the installation, because browsers share cookies among the ports of a host. */
export function sessionCookie(installation: string): SessionCookie {
  const name = `millrace_session_${installation}`
  return {
    read: (headers) => {
      for (const part of (headers.cookie ?? '').split(';')) {
        const at = part.indexOf('=')
        if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim()
      }
      return undefined
    },
    set: (secret, secure) =>
      `${name}=${secret}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${lifetimeSeconds}${secure ? '; Secure' : ''}`,
    clear: () => `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`,
    lifetimeSeconds,
  }
}

export interface SessionCookie {
  read(headers: IncomingHttpHeaders): string | undefined
  set(secret: string, secure: boolean): string
  clear(): string
  readonly lifetimeSeconds: number
}
