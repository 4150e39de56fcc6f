import type { Problem } from '#core/errors'

/** What the server said went wrong, from `application/problem+json`. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem'
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly remedy: string | undefined
  readonly problems: readonly Problem[]
  readonly requestId: string | undefined

  constructor(init: {
    status: number
    code: string
    title: string
    detail: string
    remedy?: string | undefined
    problems?: readonly Problem[] | undefined
    requestId?: string | undefined
  }) {
    super(init.detail)
    this.status = init.status
    this.code = init.code
    this.title = init.title
    this.detail = init.detail
    this.remedy = init.remedy
    this.problems = init.problems ?? []
    this.requestId = init.requestId
  }
}

export async function problemOf(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id') ?? undefined
  const given = (await response.json().catch(() => undefined)) as Partial<Record<string, unknown>> | undefined
  const text = (name: string): string | undefined =>
    typeof given?.[name] === 'string' ? (given[name] as string) : undefined
  return new ApiProblem({
    status: response.status,
    code: text('code') ?? `http.${response.status}`,
    title: text('title') ?? 'The request was refused',
    detail: text('detail') ?? `The server answered with status ${response.status}.`,
    remedy: text('remedy'),
    problems: Array.isArray(given?.['problems']) ? (given['problems'] as Problem[]) : [],
    requestId: text('requestId') ?? requestId,
  })
}

/** The problems of settings that were only tried, at the place where the form has them: the test calls that `config`. */
export function problemsOfTrial(error: unknown, place: string): readonly Problem[] {
  return asProblem(error).problems.map((problem) => ({
    ...problem,
    at: problem.at.replace(/^config(?=[.[]|$)/, place),
  }))
}

/** Anything thrown, as something that can be shown. */
export function asProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem({
    status: 0,
    code: 'web.failed',
    title: 'This part of the page failed',
    detail: error instanceof Error ? error.message : String(error),
    remedy: 'Reload the page. If it happens again, report it with the steps that led here.',
  })
}
