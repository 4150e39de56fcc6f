import { isatty } from 'node:tty'
import pino from 'pino'
import { parseJsonValue } from '#core/parse-json'
import { withoutUrlSecrets } from '#core/masked-urls'
import type { RootLogger } from '../module/boot.ts'
import { requestScope } from './request-scope.ts'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  /** 2: standard error, which is also where people look. */
  readonly descriptor: number
  /** Default: one line for people on a terminal, JSON otherwise. */
  readonly pretty?: boolean
}

const secrets = ['authorization', 'cookie', 'token', 'password', 'secret', 'apiKey', 'adminToken']

/** Structured lines with the request id of whatever they were written for; secrets by name, also of parameters of URLs, are struck out. */
export function openLog(options: LogOptions): RootLogger {
  const destination = pino.destination({ dest: options.descriptor, sync: true })
  // A log that cannot be written (full disk, closed pipe) must not end the server.
  destination.on('error', () => {})
  const pretty = options.pretty ?? isatty(options.descriptor)
  return pino(
    {
      level: options.level,
      base: {},
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]), censor: '…' },
      mixin: () => {
        const scope = requestScope.getStore()
        return scope ? { requestId: scope.requestId } : {}
      },
    },
    {
      write(line: string) {
        const clean = withoutUrlSecrets(line)
        destination.write(pretty ? forPeople(clean) : clean)
      },
    },
  )
}

/** `12:00:01 warn  streams  a block was refused  stream=orders` */
export function forPeople(line: string): string {
  const { level, time, msg, module, err, ...rest } = parseJsonValue(line) as Record<string, unknown> & {
    err?: { message?: string; stack?: string }
  }
  const fields = Object.entries(rest).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const head = [String(time).slice(11, 19), String(level).padEnd(5), module, msg, ...fields].filter(Boolean).join('  ')
  return `${head}\n${err ? `${String(err.stack ?? err.message).replace(/^/gm, '    ')}\n` : ''}`
}
