import { Failure } from '#ui/Nothing'
import { StatusMark } from '#ui/Status'
import { remedyText } from '#ui/problem-text'
import { cx } from '#ui/class-names'
import type { CheckResult } from './connection-api.ts'
import { kindText } from './connection-words.ts'

/** How the test of a connection ended: what was found, or what is wrong and what to do. */
export function CheckPanel({ result, error }: { readonly result: CheckResult | undefined; readonly error: unknown }) {
  if (error !== undefined && error !== null) return <Failure error={error} compact />
  if (result === undefined) return null
  const { ok, summary, diagnosis } = result
  return (
    <div
      role="status"
      className={cx('flex gap-3 rounded-md px-4 py-2.5 text-13 wrap-anywhere', ok ? 'bg-good-soft' : 'bg-bad-soft')}
    >
      <StatusMark tone={ok ? 'good' : 'bad'} className="mt-1" />
      {diagnosis === undefined ? (
        <p>{summary}</p>
      ) : (
        <div>
          <p className="font-semibold">{kindText(diagnosis.kind)}</p>
          <p className="text-ink-2">{diagnosis.detail}</p>
          <p className="mt-1 text-ink-2">{remedyText(diagnosis.remedy) ?? diagnosis.remedy}</p>
        </div>
      )}
    </div>
  )
}
