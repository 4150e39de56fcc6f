import { useQueryClient } from '@tanstack/react-query'
import { Pause, Pencil, Play, Square } from 'lucide-react'
import { useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { Dialog } from '#ui/Dialog'
import { MoreMenu } from '#ui/MoreMenu'
import { Failure } from '#ui/Nothing'
import { useShortcut } from '#ui/shortcuts'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { act, type Pipeline, type Run } from './pipeline-api.ts'

/** Run, pause, cancel, delete: the actions that its state allows. */
export function PipelineActions({
  pipeline,
  active,
}: {
  readonly pipeline: Pipeline
  readonly active: Run | undefined
}) {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const queries = useQueryClient()
  const go = useGo()
  const { id, name } = pipeline
  const streaming = pipeline.type === 'streaming'
  const doing = (work: () => Promise<unknown>, said: string) => async (): Promise<void> => {
    setBusy(true)
    try {
      await work()
      toast(said)
      await queries.invalidateQueries({ queryKey: ['pipelines'] })
    } catch (failure) {
      setError(asProblem(failure))
    } finally {
      setBusy(false)
    }
  }
  const run = doing(async () => {
    await act.run(id)
    go(`/pipelines/${id}`)
  }, `${name} started`)
  const pause = doing(() => act.pause(id), streaming ? `${name} drains and pauses` : `${name} is paused`)
  const resume = doing(() => act.resume(id), `${name} is resumed`)
  const cancel = doing(() => act.cancel(active?.id ?? ''), 'The run is being cancelled')
  useShortcut('r', 'Run the pipeline now', () => {
    if (active === undefined) void run()
  })
  useShortcut('e', 'Edit the pipeline', () => go(`/pipelines/${id}/edit`))
  return (
    <>
      {active !== undefined && !streaming && (
        <Button icon={<Square size={13} />} busy={busy} onClick={() => void cancel()}>
          Cancel run
        </Button>
      )}
      {pipeline.status === 'paused' ? (
        <Button
          tone={streaming ? 'primary' : 'plain'}
          icon={<Play size={14} />}
          busy={busy}
          onClick={() => void resume()}
        >
          Resume
        </Button>
      ) : (
        (streaming || pipeline.schedule !== undefined) && (
          <Button icon={<Pause size={14} />} busy={busy} onClick={() => void pause()}>
            Pause
          </Button>
        )
      )}
      {!streaming && active === undefined && (
        <Button tone="primary" icon={<Play size={14} />} busy={busy} onClick={() => void run()}>
          Run now
        </Button>
      )}
      <MoreMenu
        items={[
          {
            id: 'edit',
            title: 'Edit pipeline',
            icon: <Pencil size={15} />,
            onSelect: () => go(`/pipelines/${id}/edit`),
          },
        ]}
        removal={{
          verb: 'Delete pipeline',
          name,
          about: `The pipeline "${name}" and its run history are gone. What it loaded stays.`,
          onConfirm: async () => {
            await act.remove(id)
            toast(`Pipeline ${name} deleted`)
            go('/pipelines')
            await queries.invalidateQueries({ queryKey: ['pipelines'], exact: true })
          },
        }}
      />
      <Dialog open={error !== undefined} onClose={() => setError(undefined)} title={`${name} did not do that`}>
        <Failure error={error} compact />
        <Button className="self-end" onClick={() => setError(undefined)}>
          Close
        </Button>
      </Dialog>
    </>
  )
}
