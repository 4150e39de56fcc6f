import { MillraceError, type Problem } from '#core/errors'
import { MetadataError } from '#ports/metadata'
import { WarehouseError, WarehouseUnavailable } from '#ports/warehouse'
import { isDiskFull } from '../home/disk-full.ts'
import { kernelErrors } from '../problems/errors.ts'

/** An error as `application/problem+json` (RFC 9457). */
export interface ProblemAnswer {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly problems: readonly Problem[]
  readonly requestId: string
}

/** What is ours to explain; `undefined`: a bug. */
export function explain(error: unknown): MillraceError | undefined {
  if (error instanceof MillraceError) return error
  if (error instanceof WarehouseUnavailable) return kernelErrors.engineUnavailable({}, { cause: error })
  if (error instanceof WarehouseError && error.kind === 'timeout') return kernelErrors.deadline({}, { cause: error })
  if (error instanceof MetadataError && /^(57P|08)/.test(error.code))
    return kernelErrors.metadataUnavailable({}, { cause: error })
  if (isDiskFull(error)) return kernelErrors.diskFull({}, { cause: error })
  return undefined
}

export function problemAnswer(error: unknown, requestId: string): ProblemAnswer {
  const known = explain(error)
  if (!known) {
    return {
      type: 'urn:millrace:error:bug',
      title: 'A fault in Millrace',
      status: 500,
      code: 'bug',
      detail: `Something went wrong inside Millrace. The server's log tells more under the request id "${requestId}".`,
      problems: [],
      requestId,
    }
  }
  return {
    type: `urn:millrace:error:${known.code}`,
    title: known.title,
    status: known.status,
    code: known.code,
    detail: known.remedy ? `${known.message} ${known.remedy}` : known.message,
    problems: known.problems,
    requestId,
  }
}

/** Headers that belong to the status. */
export function problemHeaders(status: number): Readonly<Record<string, string>> {
  return {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="millrace"' }),
    ...((status === 503 || status === 429) && { 'retry-after': '2' }),
  }
}
