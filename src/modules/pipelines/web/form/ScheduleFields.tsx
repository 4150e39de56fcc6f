import { useState } from 'react'
import { Field, Select, TextInput } from '#ui/Field'
import { problemWithin, type FieldProblem } from '#ui/json-schema'
import { formatInZone } from '#ui/time'
import { ZoneSelect } from '#ui/ZoneSelect'
import { scheduleDraft, scheduleOf, schedulePresets, type ScheduleDraft } from './schedule-text.ts'

const own = 'own'

/** When a batch runs by itself, with the next times of it. */
export function ScheduleFields({
  schedule,
  nextRuns,
  problems,
  onChange,
}: {
  readonly schedule: unknown
  readonly nextRuns: readonly string[]
  readonly problems: readonly FieldProblem[]
  readonly onChange: (schedule: unknown) => void
}) {
  const [here] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone)
  const draft = scheduleDraft(schedule, here)
  const isPreset = schedulePresets.some(({ cron }) => cron === draft.cron)
  const [typed, setTyped] = useState(!isPreset)
  const put = (change: Partial<ScheduleDraft>): void => onChange(scheduleOf({ ...draft, ...change }))
  const error = problemWithin(problems, 'schedule')
  return (
    <>
      <Field label="Schedule" error={typed ? undefined : error}>
        {(props) => (
          <Select
            {...props}
            value={typed ? own : draft.cron}
            options={[
              ...schedulePresets.map(({ cron, title }) => ({ value: cron, title })),
              { value: own, title: 'As a cron expression' },
            ]}
            onChange={(value) => {
              setTyped(value === own)
              if (value !== own) put({ cron: value })
            }}
          />
        )}
      </Field>
      {typed && (
        <Field label="Cron" error={error} about="Minute, hour, day of month, month, day of week">
          {(props) => (
            <TextInput
              {...props}
              mono
              value={draft.cron}
              placeholder="0 */6 * * *"
              onChange={(cron) => put({ cron })}
            />
          )}
        </Field>
      )}
      {draft.cron !== '' && (
        <Field label="Time zone of the schedule">
          {(props) => <ZoneSelect {...props} value={draft.zone} onChange={(zone) => put({ zone })} />}
        </Field>
      )}
      {draft.cron !== '' && nextRuns.length > 0 && (
        <p role="status" className="figures text-12 text-ink-3 sm:col-span-2">
          {`Next runs in ${draft.zone}: ${nextRuns.map((at) => timeText(at, draft.zone)).join(' · ')}`}
        </p>
      )}
    </>
  )
}

function timeText(at: string, zone: string): string {
  return formatInZone(Date.parse(at), zone, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  })
}
