import { useQuery } from '@tanstack/react-query'
import { Link } from '#ui/Link'
import { Failure, Skeleton } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useParam } from '#ui/url-state'
import { readOnOpen, useOpened } from '#ui/use-opened'
import { DraftEditor } from './DraftEditor.tsx'
import { useLeftDraft } from './use-left-draft.ts'
import { connectorsQuery, pipelineQuery, rulesQuery, transformationsQuery } from '../pipeline-api.ts'

/** Writes a new pipeline or changes one: as a form or as code, checked and sampled as one goes. */
export function PipelineForm() {
  const id = useParam('id')
  const editing = id !== ''
  const connectors = useQuery(connectorsQuery)
  const transformations = useQuery(transformationsQuery)
  const rules = useQuery(rulesQuery)
  const existing = useQuery({ ...pipelineQuery(id), ...readOnOpen, enabled: editing })
  const { opened, reopen } = useOpened(existing)
  const left = useLeftDraft(editing ? id : undefined)
  const failed = [connectors, transformations, rules, existing].find(({ isError }) => isError)
  const ready =
    connectors.data !== undefined &&
    transformations.data !== undefined &&
    rules.data !== undefined &&
    (!editing || opened !== undefined)
  return (
    <Page wide>
      <PageHead
        title={editing ? `Edit ${existing.data?.name ?? 'pipeline'}` : 'Create a pipeline'}
        above={
          <Link to="/pipelines" className="hover:text-ink">
            Pipelines
          </Link>
        }
        about="Where rows come from, what happens to them, and where they go. A sample shows what each step does."
      />
      {failed !== undefined ? (
        <Failure error={failed.error} retry={() => void failed.refetch()} />
      ) : !ready ? (
        <Skeleton className="h-[520px] w-full" />
      ) : (
        <DraftEditor
          key={left.attempt}
          existing={opened}
          left={left}
          onDiscard={() => {
            left.discard()
            if (editing) reopen()
          }}
          kinds={{
            connectors: connectors.data ?? [],
            transformations: transformations.data ?? [],
            rules: rules.data ?? [],
          }}
        />
      )}
    </Page>
  )
}
