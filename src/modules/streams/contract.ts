import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'
import { DatasetColumn } from '#modules/datasets/contract'

export const maximumBody = 64 << 20

const Stream = z.object({ stream: z.string() })

export const StreamItem = z.object({
  name: z.string(),
  columns: z.array(DatasetColumn),
  /** Of the last event. */
  position: z.string(),
  source: z.object({ kind: z.enum(['declared', 'inferred', 'pipeline']), name: z.string().optional() }),
  createdAt: z.iso.datetime(),
})
export type StreamItem = z.output<typeof StreamItem>

export const IngestAnswer = z.object({
  accepted: z.number().int(),
  rejected: z.number().int(),
  position: z.string(),
  /** Of the first rejected rows. */
  problems: z.array(z.object({ at: z.string(), code: z.string(), message: z.string() })).optional(),
})

export const streamsContract = defineContract('streams', {
  ingest: operation({
    method: 'POST',
    path: '/api/v1/streams/{stream}/events',
    permission: 'streams.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'dataset', id: params.stream }),
    audit: 'summary',
    summary: 'Send events to a stream; durable when answered.',
    description:
      'One JSON object a line (application/x-ndjson), a JSON array or object, or CloudEvents. With an Idempotency-Key, sending the same body again within 24 hours changes nothing and answers the same.',
    params: Stream,
    body: {
      raw: true,
      contentTypes: [
        'application/x-ndjson',
        'application/ndjson',
        'application/jsonl',
        'application/json',
        'application/cloudevents+json',
        'application/cloudevents-batch+json',
      ],
      json: z.union([z.record(z.string(), z.unknown()), z.array(z.record(z.string(), z.unknown()))]),
      maxBytes: maximumBody,
    },
    headers: {
      'idempotency-key': 'Makes a repetition of the same body harmless for 24 hours.',
      'ce-specversion': 'With it, the body is the data of one CloudEvent whose attributes are in headers.',
    },
    answer: IngestAnswer,
    status: 202,
    command: false,
  }),
  list: operation({
    method: 'GET',
    path: '/api/v1/streams',
    permission: 'streams.read',
    summary: 'The streams of the workspace.',
    query: Paging,
    answer: z.object({ items: z.array(StreamItem), next: z.string().nullable() }),
    columns: ['name', 'position', 'createdAt'],
  }),
  replay: operation({
    method: 'GET',
    path: '/api/v1/streams/{stream}/events',
    permission: 'streams.read',
    summary: 'Events of a stream after a position, in order.',
    params: Stream,
    query: z.object({
      after: z.string().default('0'),
      limit: Paging.shape.limit,
      wait: z
        .string()
        .regex(/^\d{1,2}s$/, 'is seconds, such as 20s, at most 60s')
        .optional()
        .describe('Waits this long for the next events when there are none.'),
    }),
    answer: z.object({
      items: z.array(z.record(z.string(), z.unknown())),
      /** Set while there are more. */
      next: z.string().nullable(),
      /** Of the last event here: where to continue later. */
      position: z.string(),
    }),
  }),
})
