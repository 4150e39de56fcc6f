import { z } from 'zod'
import { isUuid } from '#core/uuid'
import { defineModule } from '#kernel/module'
import { cursors, pageOfFound } from '#kernel/paging'
import type { JobRecords } from '#kernel/job-records'
import type { JobRecord } from '#kernel/job-record'
import { jobsContract, type JobItem } from './contract.ts'
import { jobErrors } from './errors.ts'

const jobNumbers = cursors('jobs.list', z.int().min(0))

export default defineModule({
  name: 'jobs',
  about: 'The work that the server does in the background.',
  permissions: {
    'jobs.read': 'See jobs and their progress.',
    'jobs.write': 'Cancel jobs and queue failed ones again.',
  },
  contract: jobsContract,
  errors: jobErrors,
  async start({ jobRecords }) {
    const found = async (workspace: string, id: string): Promise<JobRecord> => {
      const record = isUuid(id) ? await jobRecords.get(workspace, id) : undefined
      if (record === undefined) throw jobErrors.unknown({ id })
      return record
    }
    return {
      handlers: {
        list: async ({ workspace, query: { limit, cursor, ...filter } }) => {
          const below = jobNumbers.read(cursor)
          const found = await jobRecords.list(workspace, { ...filter, below, limit: limit + 1 })
          const { items, next } = pageOfFound(jobNumbers, found, { limit, placeOf: ({ number }) => number })
          return { items: items.map((record) => itemOf(record, jobRecords)), next }
        },
        get: async ({ workspace, params: { id } }) => itemOf(await found(workspace, id), jobRecords),
        cancel: async ({ workspace, params: { id } }) => {
          const { status } = await found(workspace, id)
          if (!(await jobRecords.cancel(workspace, id))) throw jobErrors.ended({ id, status })
          return itemOf(await found(workspace, id), jobRecords)
        },
        retry: async ({ workspace, params: { id } }) => {
          const { status, kind } = await found(workspace, id)
          const instead = jobRecords.definitions.find(({ name }) => name === kind)?.notRetried
          if (instead !== undefined) throw jobErrors.otherwise({ id, instead })
          if (!(await jobRecords.retry(workspace, id))) throw jobErrors.notRetried({ id, status })
          return itemOf(await found(workspace, id), jobRecords)
        },
      },
    }
  },
})

function itemOf(record: JobRecord, { definitions }: JobRecords): JobItem {
  const { number: _, queuedAt, runAt, startedAt, finishedAt, ...rest } = record
  return {
    ...rest,
    about:
      definitions.find(({ name }) => name === record.kind)?.about ?? 'A kind of job that this version does not know.',
    queuedAt: queuedAt.toISOString(),
    runAt: runAt.toISOString(),
    startedAt: startedAt?.toISOString() ?? null,
    finishedAt: finishedAt?.toISOString() ?? null,
  }
}
