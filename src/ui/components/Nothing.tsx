import type { ReactNode } from 'react'
import { asProblem } from '../api/api-problem.ts'
import { detailText, problemText, remedyText } from '../api/problem-text.ts'
import { cx } from '../class-names.ts'
import { useUnshownProblems } from '../form/ShownErrors.tsx'
import { Button } from './Button.tsx'

/** An empty place that teaches: what would be shown here, and how to get it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ReactNode
  readonly action?: ReactNode
}) {
  return (
    <div className="flex flex-col items-start gap-3 wrap-anywhere border-t border-line py-8">
      <svg
        viewBox="0 0 120 24"
        width="120"
        height="24"
        aria-hidden="true"
        className="text-line-strong"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeLinecap="round"
      >
        <path d="M2 7h40c14 0 14 10 28 10h48" strokeDasharray="4 5" />
      </svg>
      <h2 className="text-14 font-semibold">{title}</h2>
      <div className="flex max-w-[64ch] min-w-0 flex-col gap-3 self-stretch text-13 text-ink-2">{children}</div>
      {action}
    </div>
  )
}

/** What happened, to which thing, what to do, and the id to ask about. */
export function Failure({
  error,
  retry,
  compact = false,
}: {
  readonly error: unknown
  readonly retry?: (() => void) | undefined
  readonly compact?: boolean
}) {
  const problem = asProblem(error)
  const remedy = remedyText(problem.remedy)
  const elsewhere = useUnshownProblems(problem.problems)
  return (
    <div
      role="alert"
      className={cx('flex gap-3 rounded-md bg-bad-soft px-4 wrap-anywhere', compact ? 'py-2.5' : 'py-4')}
    >
      <svg viewBox="0 0 12 12" width="12" height="12" aria-hidden="true" className="mt-1 shrink-0 text-bad">
        <path d="M6 .8 11.2 6 6 11.2.8 6Z" fill="currentColor" />
      </svg>
      <div className="min-w-0 flex-1 text-13">
        <p className="font-semibold">{problem.title}</p>
        <p className="text-ink-2">{detailText(problem.detail)}</p>
        {elsewhere.length > 0 && <ProblemList problems={elsewhere} />}
        {remedy !== undefined && <p className="mt-1 text-ink-2">{remedy}</p>}
        {problem.requestId !== undefined && (
          <p className="mt-1 font-mono text-12 text-ink-3">Request {problem.requestId}</p>
        )}
      </div>
      {retry !== undefined && <Button onClick={retry}>Try again</Button>}
    </div>
  )
}

export function ProblemList({
  problems,
}: {
  readonly problems: readonly {
    readonly at: string
    readonly message: string
    readonly suggestion?: string | undefined
  }[]
}) {
  return (
    <ul className="mt-2 flex flex-col gap-1">
      {problems.map((problem, index) => (
        <li key={index} className="flex flex-wrap gap-x-2">
          {problem.at !== '' && <code className="text-12 text-ink">{problem.at}</code>}
          <span className="text-ink-2">{problemText(problem)}</span>
        </li>
      ))}
    </ul>
  )
}

/** Rows that will be there, of the size they will have. */
export function SkeletonRows({ rows = 6, height = 32 }: { readonly rows?: number; readonly height?: number }) {
  return (
    <div role="status" aria-label="Loading" className="border-t border-line">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="flex items-center gap-6 border-b border-line" style={{ height }}>
          <span className="skeleton h-3 w-1/4" />
          <span className="skeleton h-3 w-1/6" />
          <span className="skeleton ml-auto h-3 w-16" />
        </div>
      ))}
    </div>
  )
}

export function Skeleton({ className }: { readonly className: string }) {
  return <span role="status" aria-label="Loading" className={cx('skeleton block', className)} />
}
