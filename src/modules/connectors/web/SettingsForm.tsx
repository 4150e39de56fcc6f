import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { LeaveGuard } from '#ui/LeaveGuard'
import { RemovedSecret } from '#ui/removed-secret'
import { SchemaForm } from '#ui/SchemaForm'
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { CheckPanel } from './CheckPanel.tsx'
import type { CheckResult, Settings } from './connection-api.ts'

/** The settings of a connection: filled in, tested, saved. */
export function SettingsForm({
  schema,
  start,
  saveTitle,
  children,
  ready = true,
  test,
  save,
  onSaved,
}: {
  readonly schema: JsonSchema
  readonly start: Settings
  readonly saveTitle: string
  /** Above the settings. */
  readonly children?: (problems: readonly FieldProblem[]) => ReactNode
  /** What stands above is filled in. */
  readonly ready?: boolean
  readonly test: (settings: Settings) => Promise<CheckResult>
  readonly save: (settings: Settings) => Promise<unknown>
  readonly onSaved: () => void
}) {
  const [settings, setSettings] = useState(start)
  const [saved, setSaved] = useState(false)
  const testing = useMutation({ mutationFn: test })
  const saving = useMutation({
    mutationFn: save,
    onSuccess: () => {
      setSaved(true)
      // The guard of unsaved changes lets go after the next render.
      setTimeout(onSaved)
    },
  })
  const failure = saving.error ?? testing.error
  const problems = failure === null ? [] : fieldProblems(failure)
  const change = (next: Settings): void => {
    setSettings(next)
    testing.reset()
    saving.reset()
  }
  return (
    <form
      className="flex max-w-[760px] flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault()
        saving.mutate(settings)
      }}
    >
      <LeaveGuard what="the connection" unsaved={() => !saved && settings !== start} />
      {children?.(problems)}
      <RemovedSecret value={null}>
        <SchemaForm schema={schema} value={settings} place="settings" problems={problems} onChange={change} />
      </RemovedSecret>
      <CheckPanel result={testing.data} error={failure} />
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={saving.isPending} disabled={!ready}>
          {saveTitle}
        </Button>
        <Button busy={testing.isPending} onClick={() => testing.mutate(settings)}>
          Test connection
        </Button>
      </div>
    </form>
  )
}

/** A check of settings that are not saved calls their place `config`. */
function fieldProblems(error: unknown): readonly FieldProblem[] {
  return asProblem(error).problems.map((problem) => ({
    ...problem,
    at: problem.at.replace(/^config(?=[.[]|$)/, 'settings'),
  }))
}
