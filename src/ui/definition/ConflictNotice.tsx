import { useEffect, useRef, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { Failure } from '../components/Nothing.tsx'
import { Ago } from '../components/Time.tsx'
import { Differences } from '../difference/Differences.tsx'
import type { Conflict } from './use-conflict.ts'

interface ConflictActions {
  readonly busy: boolean
  /** Opens the newest version; what was entered is given up. */
  readonly onTakeNewer: () => void
  /** Saves what was entered as a change of the newest version. */
  readonly onSaveOver: (version: number) => void
  /** Where something else than a form was refused. */
  readonly words?: ConflictWords
}

export interface ConflictWords {
  /** What became of the refused change. */
  readonly outcome: string
  readonly takeNewer: string
  readonly saveOver: (version: number) => string
}

const formWords: ConflictWords = {
  outcome: 'What you entered is still here, and is not saved.',
  takeNewer: 'Take the newer version',
  saveOver: (version) => `Save mine over version ${version}`,
}

/** Says who saved another version, shows the change, and lets choose between the two. It belongs at the top of the form. */
export function ConflictNotice({
  conflict,
  className,
  ...actions
}: ConflictActions & { readonly conflict: Conflict | undefined; readonly className?: string }) {
  if (conflict === undefined) return null
  return (
    <div className={className}>
      <Notice key={conflict.key} conflict={conflict} {...actions} />
    </div>
  )
}

function Notice({
  conflict,
  busy,
  onTakeNewer,
  onSaveOver,
  words = formWords,
}: ConflictActions & { readonly conflict: Conflict }) {
  const [seen, setSeen] = useState(false)
  const notice = useRef<HTMLElement>(null)
  useEffect(() => {
    notice.current?.scrollIntoView({ block: 'center' })
    notice.current?.focus({ preventScroll: true })
  }, [])
  const { opened, newest, change, error, retry } = conflict
  const { kind, version, titleOf } = opened
  return (
    <section
      ref={notice}
      tabIndex={-1}
      role="alert"
      aria-label={`The ${kind} was changed meanwhile`}
      className="flex flex-col gap-3 rounded-md bg-warn-soft px-4 py-3 text-13 wrap-anywhere"
    >
      <div>
        <p className="font-semibold">{`The ${kind} was changed meanwhile`}</p>
        <p className="text-ink-2">
          {newest !== undefined && (
            <>
              {newest.actor === null
                ? `Version ${newest.version} was saved `
                : `${newest.actor.name} saved version ${newest.version} `}
              <Ago at={newest.at} />
              {`; you opened version ${version}. `}
            </>
          )}
          {words.outcome}
        </p>
      </div>
      {error !== null && <Failure error={error} compact retry={retry} />}
      {seen && change !== undefined && <Differences {...change} titleOf={titleOf} />}
      <div className="flex flex-wrap gap-2">
        {change !== undefined && (
          <Button aria-expanded={seen} onClick={() => setSeen(!seen)}>
            {seen ? 'Hide the change' : 'See the change'}
          </Button>
        )}
        <Button disabled={busy} onClick={onTakeNewer}>
          {words.takeNewer}
        </Button>
        {newest !== undefined && (
          <Button tone="danger" busy={busy} onClick={() => onSaveOver(newest.version)}>
            {words.saveOver(newest.version)}
          </Button>
        )}
      </div>
    </section>
  )
}
