import { z } from 'zod'
import { isUuid } from '#core/uuid'
import { defineModule } from '#kernel/module'
import { cursors, pageOfFound } from '#kernel/paging'
import type { ParkedEvent } from '#kernel/parked-events'
import { eventsContract, type ParkedItem } from './contract.ts'
import { eventErrors } from './errors.ts'

const places = cursors('events.list', z.tuple([z.int().min(0), z.string()]))

export default defineModule({
  name: 'events',
  about: 'Changes that a module could not handle yet.',
  permissions: {
    'events.read': 'See the events that a module could not handle yet.',
    'events.write': 'Let a module try a parked event now.',
  },
  contract: eventsContract,
  errors: eventErrors,
  async start({ parkedEvents }) {
    const found = async (workspace: string, module: string, id: string): Promise<ParkedEvent> => {
      const event = isUuid(id) ? await parkedEvents.get(workspace, module, id) : undefined
      if (event === undefined) throw eventErrors.unknown({ module, id })
      return event
    }
    return {
      handlers: {
        list: async ({ workspace, query: { limit, cursor, module } }) => {
          const before = places.read(cursor)
          const parked = await parkedEvents.list(workspace, { module, before, limit: limit + 1 })
          const page = pageOfFound(places, parked, {
            limit,
            placeOf: ({ position, module: name }): [number, string] => [position, name],
          })
          return { ...page, items: page.items.map(itemOf) }
        },
        retry: async ({ workspace, params: { module, id } }) => {
          const event = await found(workspace, module, id)
          if (!(await parkedEvents.retry(workspace, module, id))) {
            await found(workspace, module, id)
            throw eventErrors.behind({ module, id })
          }
          return itemOf(event)
        },
      },
    }
  },
})

function itemOf({ id, module, name, subject, at, attempts, nextAt, error }: ParkedEvent): ParkedItem {
  return {
    id,
    module,
    name,
    subject,
    at: at.toISOString(),
    attempts,
    nextAttemptAt: nextAt?.toISOString() ?? null,
    error:
      error === null
        ? null
        : { code: error.code ?? 'kernel.bug', title: 'The last attempt failed', detail: detailOf(error, id) },
  }
}

/** Of an error that no catalogue holds only the log may say more. */
function detailOf({ code, message }: NonNullable<ParkedEvent['error']>, id: string): string {
  return code === null ? `The module failed. The log says why: look for "${id}".` : message
}
