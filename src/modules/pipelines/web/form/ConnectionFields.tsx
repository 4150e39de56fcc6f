import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import type { FieldProblem, JsonSchema } from '#ui/json-schema'
import { Failure } from '#ui/Nothing'
import { remedyText } from '#ui/problem-text'
import { SchemaForm } from '#ui/SchemaForm'
import { StatusMark } from '#ui/Status'
import { problemsOfTrial } from '#ui/api-problem'
import { errorWithFieldTitles, withFieldTitles } from '#ui/place-title'
import { checkEnd, type Side } from '../pipeline-api.ts'
import type { Part } from './draft.ts'

type Outcome = Awaited<ReturnType<typeof checkEnd>>

/** Where the server is and who signs in, with a test that says whether it works. */
export function ConnectionFields({
  side,
  part,
  schema,
  problems,
  id,
  onChange,
  onTested,
}: {
  readonly side: Side
  readonly part: Part
  readonly schema: JsonSchema
  readonly problems: readonly FieldProblem[]
  /** Of the pipeline that exists: the secrets it keeps are used by the test. */
  readonly id: string | undefined
  readonly onChange: (config: Record<string, unknown>) => void
  readonly onTested: (config: Part['config']) => void
}) {
  const [tested, setTested] = useState<Part['config']>()
  const check = useQuery({
    queryKey: ['connectors', part.type, 'check', side, id, tested],
    queryFn: async ({ signal }) => {
      const outcome = await checkEnd(side, { type: part.type, config: tested ?? {} }, id, signal)
      if (outcome.ok && tested !== undefined) onTested(tested)
      return outcome
    },
    enabled: tested !== undefined,
    staleTime: 0,
    gcTime: 0,
    retry: false,
    refetchOnWindowFocus: false,
  })
  const missing = (schema.required ?? []).some((name) => (part.config[name] ?? '') === '')
  const test = (): void => {
    if (JSON.stringify(tested) === JSON.stringify(part.config)) void check.refetch()
    else setTested(part.config)
  }
  const failure = check.isError
    ? errorWithFieldTitles(check.error, (problem) => withFieldTitles(problem, schema))
    : undefined
  const current = JSON.stringify(tested) === JSON.stringify(part.config)
  return (
    <div className="mb-5 flex flex-col gap-4 border-b border-line pb-5">
      <SchemaForm
        schema={schema}
        value={part.config}
        place={`${side}.config`}
        problems={
          current && failure !== undefined ? [...problems, ...problemsOfTrial(failure, `${side}.config`)] : problems
        }
        onChange={onChange}
      />
      <div className="flex flex-wrap items-center gap-3">
        <Button busy={check.isFetching} disabled={missing} onClick={test}>
          Test connection
        </Button>
        {current && check.data !== undefined && !check.isFetching && <TestOutcome outcome={check.data} />}
      </div>
      {current && failure !== undefined && <Failure error={failure} compact />}
    </div>
  )
}

function TestOutcome({ outcome }: { readonly outcome: Outcome }) {
  const remedy = remedyText(outcome.remedy)
  return (
    <p role="status" className="flex min-w-0 items-baseline gap-2 text-13 wrap-anywhere">
      <StatusMark tone={outcome.ok ? 'good' : 'bad'} className="size-2.5" />
      <span>
        {outcome.message}
        {remedy !== undefined && <span className="block text-12 text-ink-3">{remedy}</span>}
      </span>
    </p>
  )
}
