import { countText } from '#core/count-text'
import { defineFailures } from '../failure.ts'
import type { FailureKind } from '../failure.ts'

/** The codes begin with the name of the connector that had them first: public codes do not change. */
export const httpFailures = defineFailures('http', {
  status: {
    kind: 'unavailable',
    failure: ({ status }: { status: number }) => failureOfStatus(status),
    title: 'The server answered with an error',
    says: (p: { url: string; status: number; waitSeconds?: number | undefined }) =>
      `"${p.url}" answered with status ${p.status}${p.waitSeconds === undefined ? '' : ` and asks to wait ${durationText(p.waitSeconds)}`}.`,
    remedy: 'Check the address, the token and the headers.',
  },
  json: {
    kind: 'invalid',
    failure: 'data',
    title: 'Not JSON',
    says: (p: { url: string; because: string }) => `The answer of "${p.url}" is not JSON: ${p.because}`,
    remedy: 'Check the address; the source "http" reads JSON, NDJSON and CSV.',
  },
  csv: {
    kind: 'invalid',
    failure: 'data',
    title: 'CSV is not valid',
    says: (p: { url: string; line: number; because: string }) =>
      `Line ${p.line} of the CSV of "${p.url}" is not valid: ${p.because}`,
    remedy: 'Correct the line at the server, or request another format.',
  },
  path: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Path is not valid',
    says: (p: { path: string }) => `"${p.path}" is not a valid JSON path.`,
    remedy: 'Write it as "$.data.items".',
  },
  outside: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Path leads to another server',
    says: (p: { path: string }) => `The path "${p.path}" does not stay on the server of the connection.`,
    remedy: 'Write a path of the same server, such as "orders?status=open".',
  },
  records: {
    kind: 'invalid',
    failure: 'schema',
    title: 'No records at this path',
    says: (p: { url: string; path: string; found: string }) =>
      `The answer of "${p.url}" has ${p.found} at "${p.path}", not a list of records.`,
    remedy: 'Set "records" to the path of the list.',
  },
  pages: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Too many pages',
    says: (p: { url: string; pages: number }) => `"${p.url}" has more than ${p.pages} pages.`,
    remedy: 'Raise "maxPages" of the pagination, or narrow the request.',
  },
})

/** Failures on the way to a server. The module `connectors` had these codes first. */
export const networkFailures = defineFailures('connectors', {
  unreachable: {
    kind: 'unavailable',
    failure: 'transient',
    title: 'Server cannot be reached',
    says: (p: { url: string; because: string }) => `"${p.url}" cannot be reached: ${p.because}.`,
    remedy: 'Check the address and that the server is up.',
  },
  redirects: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Too many redirects',
    says: (p: { url: string }) => `"${p.url}" redirects too many times.`,
    remedy: 'Check the address.',
  },
  body_redirect: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Redirect of a body to another server',
    says: (p: { url: string; target: string }) =>
      `"${p.url}" redirects the request with its body to another server, "${p.target}". The body was not sent there.`,
    remedy: 'If the other server is right, set the address to it.',
  },
  large: {
    kind: 'too_large',
    failure: 'capacity',
    title: 'Answer too large',
    says: (p: { url: string; max: number }) => `The answer of "${p.url}" has more than ${p.max} bytes.`,
    remedy: 'Request less, use pages, or raise the limit in the settings.',
  },
  slow: {
    kind: 'timeout',
    failure: 'transient',
    title: 'No answer in time',
    says: (p: { url: string; seconds: number }) => `"${p.url}" sent nothing for ${countText(p.seconds, 'second')}.`,
    remedy: 'Try again, or raise the timeout in the settings.',
  },
})

/** Rounded up: who waits that long has waited long enough. */
function durationText(seconds: number): string {
  const units = [
    ['hour', 3600],
    ['minute', 60],
  ] as const
  const [name, size] = units.find(([, each]) => seconds >= 2 * each) ?? (['second', 1] as const)
  const count = Math.ceil(seconds / size)
  return countText(count, name)
}

function failureOfStatus(status: number): FailureKind {
  if (status === 401) return 'credentials'
  if (status === 403) return 'permission'
  if (status === 404 || status === 410) return 'not_found'
  if (status === 413) return 'capacity'
  if (status === 429) return 'rate_limited'
  if (status === 408 || status === 425 || status >= 500) return 'transient'
  return 'configuration'
}
