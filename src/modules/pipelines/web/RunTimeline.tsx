import { cx } from '#ui/class-names'
import { formatCompactCount } from '#ui/number'
import { formatDuration } from '#ui/time'
import type { Run } from './pipeline-api.ts'

/** When each step worked, within the run. */
export function RunTimeline({
  run,
  titles,
  now,
}: {
  readonly run: Run
  readonly titles: readonly string[]
  readonly now: number
}) {
  const start = run.startedAt === null || run.startedAt === undefined ? now : Date.parse(run.startedAt)
  const end = run.finishedAt === null || run.finishedAt === undefined ? now : Date.parse(run.finishedAt)
  const length = Math.max(1, end - start)
  return (
    <ol className="border-t border-line">
      {run.steps.map((step, index) => {
        const began = step.startedAt === null || step.startedAt === undefined ? undefined : Date.parse(step.startedAt)
        const ended = step.finishedAt === null || step.finishedAt === undefined ? end : Date.parse(step.finishedAt)
        const left = began === undefined ? 0 : Math.max(0, ((began - start) / length) * 100)
        const size = began === undefined ? 0 : Math.min(100 - left, Math.max(0.5, ((ended - began) / length) * 100))
        return (
          <li key={index} className="flex h-8 items-center gap-4 border-b border-line text-13">
            <span className="w-32 shrink-0 truncate sm:w-44">
              {titles.length === run.steps.length ? titles[index] : step.name}
            </span>
            <span aria-hidden="true" className="relative h-2.5 min-w-0 flex-1">
              <span
                className={cx(
                  'absolute inset-y-0 rounded-[2px]',
                  step.status === 'failed'
                    ? 'bg-bad'
                    : step.status === 'running'
                      ? 'border border-water bg-water-soft'
                      : 'bg-water',
                )}
                style={{ left: `${left}%`, width: `${size}%` }}
              />
            </span>
            <span className="figures w-20 text-right text-12 text-ink-2">
              {began === undefined ? (step.message ?? step.status) : formatDuration(Math.max(0, ended - began))}
            </span>
            <span className="figures w-24 text-right text-12 text-ink-2 max-sm:hidden">
              {step.rows === null || step.rows === undefined ? '' : formatCompactCount(step.rows, 'row')}
            </span>
          </li>
        )
      })}
    </ol>
  )
}
