import { useState } from 'react'
import { cx } from '#ui/class-names'
import { Flow } from '#ui/Flow'
import { Failure, ProblemList } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import { useUnshownProblems } from '#ui/ShownErrors'
import { flowOf } from '../pipeline-flow.ts'
import { isStarted, type Draft } from './draft.ts'
import { rowsText } from '../sample-words.ts'
import { SampleTable } from '../SampleTable.tsx'
import type { CheckedDraft } from './use-checked-draft.ts'

/** What the pipeline does to a sample, after each step. */
export function PreviewPane({ draft, checked }: { readonly draft: Draft; readonly checked: CheckedDraft }) {
  const [chosen, setChosen] = useState<string>()
  const unshown = useUnshownProblems(checked.problems)
  const steps = flowOf(draft, undefined)
  const shown = steps.map((step, index) => {
    const sampled = checked.preview?.steps[index]
    return sampled === undefined ? step : { ...step, state: 'done' as const, rowsOut: sampled.rowCount }
  })
  const last = Math.min(checked.preview?.steps.length ?? 1, steps.length) - 1
  const asked = steps.findIndex(({ id }) => id === chosen)
  const index = asked >= 0 && checked.preview?.steps[asked] !== undefined ? asked : Math.max(0, last)
  const sample = checked.preview?.steps[index]
  return (
    <aside aria-label="Preview" className="min-w-0 self-start xl:sticky xl:top-6">
      <h2 className="mb-2 flex h-8 items-center justify-between text-14 font-semibold">
        Preview
        <span role="status" className="text-12 font-normal text-ink-3">
          {checked.previewing
            ? 'Reading a sample'
            : sample === undefined
              ? ''
              : `${rowsText(sample)} after ${steps[index]?.title.toLowerCase() ?? 'this step'}`}
        </span>
      </h2>
      {!isStarted(draft) ? (
        <p className="border-t border-line py-4 text-13 text-ink-3">
          Choose a source. A sample of its rows is then shown here, and what each step makes of it.
        </p>
      ) : (
        <>
          <Flow label="Steps of this pipeline" steps={shown} chosen={steps[index]?.id} onChoose={setChosen} />
          {checked.checkError !== null && checked.checkError !== undefined && (
            <div className="mt-3">
              <Failure error={checked.checkError} compact />
            </div>
          )}
          {unshown.length > 0 && (
            <div className="mt-4 text-13" role="status">
              <p className="font-semibold">{formatCount(unshown.length, 'thing')} missing before it can run</p>
              <ProblemList problems={unshown} />
            </div>
          )}
          {checked.previewError !== null && checked.previewError !== undefined && (
            <div className="mt-3">
              <Failure error={checked.previewError} compact />
            </div>
          )}
          {sample?.problems !== undefined && sample.problems.length > 0 && (
            <div className="mt-3 text-13">
              <ProblemList problems={sample.problems} />
            </div>
          )}
          {sample !== undefined && (
            <div className={cx('mt-4 transition-opacity duration-100', checked.previewing && 'opacity-60')}>
              <SampleTable sample={sample} height={440} />
            </div>
          )}
        </>
      )}
    </aside>
  )
}
