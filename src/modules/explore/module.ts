import { JsonReply, RawReply } from '#kernel/contract'
import { defineModule } from '#kernel/module'
import { datasets, rowsLoaded, type RowsLoaded } from '#modules/datasets'
import { asking } from './ask.ts'
import type { AnswerRows } from './answer.ts'
import { exploreContract, streamedFormats } from './contract.ts'
import { exploreErrors } from './errors.ts'
import { queryGuard } from './guard.ts'
import type { Explore } from './index.ts'
import { keptAnswers } from './kept-answers.ts'
import { workspaceTurns } from './turns.ts'

export default defineModule({
  name: 'explore',
  about: 'Questions in SQL over the datasets of a workspace, made harmless before they are run.',
  needs: { datasets },
  permissions: { 'explore.query': 'Ask questions in SQL over the datasets of the workspace.' },
  contract: exploreContract,
  errors: exploreErrors,
  async start({ needs, ports, warehouseViews }) {
    const guard = queryGuard({
      warehouse: ports.warehouse,
      datasets: needs.datasets,
      views: () => warehouseViews().map(({ name }) => name),
    })
    const kept = keptAnswers<AnswerRows>(() => performance.now())
    const asked = asking({ warehouse: ports.warehouse, guard, kept, turns: workspaceTurns(4, 100) })
    const appended = ports.log.onAppended(({ topic }) => kept.changed(topic.workspace, topic.name))
    const loaded = await ports.bus.subscribe(rowsLoaded, (message) => {
      const { workspace, name } = message as RowsLoaded
      kept.changed(workspace, name)
    })
    const face: Explore = { check: guard.check }
    /** By the text alone: a name that only looks like a view costs a short wait at most. */
    const prepareViews = async (workspace: string, sql: string, signal: AbortSignal): Promise<void> => {
      const named = warehouseViews().filter(({ name }) => sql.includes(name))
      await Promise.all([...new Set(named.map(({ prepare }) => prepare))].map((prepare) => prepare(workspace, signal)))
    }
    return {
      face,
      handlers: {
        async query({ actor, body, headers, signal }) {
          await prepareViews(actor.workspace, body.sql, signal)
          const reader = await needs.datasets.readerOf(actor)
          const wanted = (headers['accept'] ?? '').split(',').map((part) => part.split(';')[0]?.trim() ?? '')
          const first = wanted.find((type) => type === 'application/json' || isStreamed(type))
          if (first === undefined || !isStreamed(first))
            return new JsonReply(await asked.answer(reader, body, signal), 200)
          return new RawReply(first, await asked.download(reader, body, streamedFormats[first], signal))
        },
      },
      stop: async () => {
        appended.close()
        await loaded.close()
      },
    }
  },
})

function isStreamed(type: string): type is keyof typeof streamedFormats {
  return type in streamedFormats
}
