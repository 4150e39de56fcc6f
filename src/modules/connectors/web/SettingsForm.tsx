import { useMutation } from '@tanstack/react-query'
import { useRef, useState, type ReactNode } from 'react'
import { problemsOfTrial } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { LeaveGuard } from '#ui/LeaveGuard'
import { ButtonLink, type LinkProps } from '#ui/Link'
import { ConflictNotice } from '#ui/ConflictNotice'
import { errorWithFieldTitles, withFieldTitles } from '#ui/place-title'
import { SchemaForm } from '#ui/SchemaForm'
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { useConflict, type OpenedVersion } from '#ui/use-conflict'
import { isStaleVersion } from '#ui/version-conflict'
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
  opened,
  save,
  onTakeNewer,
  cancel,
  onSaved,
}: {
  readonly schema: JsonSchema
  readonly start: Settings
  readonly saveTitle: string
  /** Above the settings. */
  readonly children?: (problems: readonly FieldProblem[]) => ReactNode
  /** The fields above are filled in. */
  readonly ready?: boolean
  readonly test: (settings: Settings) => Promise<CheckResult>
  /** The connection that is changed. */
  readonly opened?: OpenedVersion
  /** `version` is the one to change, where it is not the one that was opened. */
  readonly save: (settings: Settings, version?: number) => Promise<unknown>
  readonly onTakeNewer?: () => void
  /** The page that Cancel leads to. */
  readonly cancel: Pick<LinkProps, 'to' | 'search'>
  readonly onSaved: () => void
}) {
  const [settings, setSettings] = useState(start)
  const saved = useRef(false)
  const testing = useMutation({ mutationFn: test })
  const saving = useMutation({
    mutationFn: (version: number | undefined) => save(settings, version),
    onSuccess: () => {
      saved.current = true
      onSaved()
    },
  })
  const conflict = useConflict(opened, saving.error)
  const refusal = (isStaleVersion(saving.error) ? null : saving.error) ?? testing.error
  const failure = refusal && errorWithFieldTitles(refusal, (problem) => withFieldTitles(problem, schema))
  const problems = failure === null ? [] : problemsOfTrial(failure, 'settings')
  // Said beside each field, it is not said again beneath them.
  const marked = problems.length > 0 && problems.every(({ at }) => isShown(schema, at))
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
        saving.mutate(undefined)
      }}
    >
      <LeaveGuard what="the connection" unsaved={() => !saved.current && settings !== start} />
      <ConflictNotice
        conflict={conflict}
        busy={saving.isPending}
        onTakeNewer={() => onTakeNewer?.()}
        onSaveOver={(version) => saving.mutate(version)}
      />
      {children?.(problems)}
      <SchemaForm schema={schema} value={settings} place="settings" problems={problems} onChange={change} />
      {marked ? (
        <p role="alert" className="text-13 text-bad">
          Correct the marked settings, then test or save again.
        </p>
      ) : (
        <CheckPanel result={testing.data} error={failure} />
      )}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" tone="primary" busy={saving.isPending} disabled={!ready || conflict !== undefined}>
          {saveTitle}
        </Button>
        <Button busy={testing.isPending} onClick={() => testing.mutate(settings)}>
          Test connection
        </Button>
        <ButtonLink {...cancel}>Cancel</ButtonLink>
      </div>
    </form>
  )
}

function isShown({ properties = {} }: JsonSchema, at: string): boolean {
  const setting = /^settings\.([^.[]+)/.exec(at)?.[1]
  return at === 'name' || at === 'type' || (setting !== undefined && Object.hasOwn(properties, setting))
}
