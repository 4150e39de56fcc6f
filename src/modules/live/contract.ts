import { z } from 'zod'
import { MetricCode } from '#core/metric'
import { periodNames } from '#core/period'
import { defineContract, operation } from '#kernel/contract'

const Stream = z.object({
  code: z.string(),
  period: z.enum(periodNames),
  subscribers: z.number().int(),
  since: z.iso.datetime().nullable(),
  lastUpdateAt: z.iso.datetime().nullable(),
})
const StreamName = z.strictObject({ code: MetricCode, period: z.enum(periodNames).default('minute') })

export const liveContract = defineContract('live', {
  events: operation({
    method: 'GET',
    path: '/api/v1/metrics/{code}/live',
    permission: 'metrics.read',
    command: false,
    summary: 'The values of a metric as server-sent events, as they change.',
    description: 'The same frames as /ws/kpi/{code}. "Last-Event-ID" resumes after a lost connection.',
    params: z.object({ code: MetricCode }),
    query: z.strictObject({
      period: z.string().optional(),
      zone: z.string().optional(),
      by: z.string().optional(),
      filter: z.string().optional(),
      epoch: z.string().max(40).optional(),
      offset: z.string().max(20).optional(),
    }),
    answer: { raw: true, contentTypes: ['text/event-stream'] },
  }),
  startStream: operation({
    method: 'POST',
    path: '/stream/start',
    aliases: ['/api/v1/stream/start'],
    permission: 'metrics.stream',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'metric', id: body.code }),
    command: 'stream start',
    summary: 'Keep the numbers of a metric going, whether somebody watches or not.',
    body: StreamName,
    example: { code: 'SAL.REV', period: 'minute' },
    answer: Stream,
  }),
  stopStream: operation({
    method: 'POST',
    path: '/stream/stop',
    aliases: ['/api/v1/stream/stop'],
    permission: 'metrics.stream',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'metric', id: body.code }),
    command: 'stream stop',
    summary: 'No longer keep them going; they stop after the last who watches.',
    body: StreamName,
    answer: Stream,
  }),
  subscribeStream: operation({
    method: 'POST',
    path: '/stream/subscribers',
    aliases: ['/api/v1/stream/subscribers'],
    permission: 'metrics.stream',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'metric', id: body.code }),
    audit: 'summary',
    command: false,
    summary: 'Count one subscriber more; the first starts the stream.',
    body: StreamName,
    answer: Stream,
  }),
  unsubscribeStream: operation({
    method: 'DELETE',
    path: '/stream/subscribers',
    aliases: ['/api/v1/stream/subscribers'],
    permission: 'metrics.stream',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'metric', id: body.code }),
    audit: 'summary',
    command: false,
    summary: 'Count one subscriber less; the last stops the stream.',
    body: StreamName,
    answer: Stream,
  }),
  streamStatus: operation({
    method: 'GET',
    path: '/stream/status',
    aliases: ['/api/v1/stream/status'],
    permission: 'metrics.read',
    command: 'stream status',
    summary: 'Which metrics are live, who watches them, and how many connections there are.',
    answer: z.object({ streams: z.array(Stream), connections: z.number().int() }),
  }),
})
