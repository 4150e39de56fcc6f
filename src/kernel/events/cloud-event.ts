import type { EventRecord } from './events.ts'

/** An event as it leaves Millrace: CloudEvents 1.0 in JSON. */
export interface CloudEvent {
  readonly specversion: '1.0'
  readonly id: string
  readonly source: string
  readonly type: string
  readonly subject: string
  readonly time: string
  readonly datacontenttype: 'application/json'
  /** Events with the same key stay in order. */
  readonly partitionkey: string
  readonly requestid?: string
  readonly data: unknown
}

/**
 * Forms the CloudEvent of an event.
 *
 * ```ts
 * const sent = cloudEvent({
 *   id: '4a3c', name: 'datasets.changed', workspace: 'default', key: 'orders', payload: { change: 'created' },
 *   subject: { kind: 'dataset', id: 'orders', name: 'orders' }, at: new Date('2026-11-01T09:00:00Z'),
 * })
 * sent.type // 'millrace.datasets.changed'
 * sent.source // '/workspaces/default'
 * sent.subject // 'dataset/orders'
 * ```
 */
export function cloudEvent({ id, name, workspace, subject, key, payload, requestId, at }: EventRecord): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source: `/workspaces/${encodeURIComponent(workspace)}`,
    type: `millrace.${name}`,
    subject: `${encodeURIComponent(subject.kind)}/${encodeURIComponent(subject.id)}`,
    time: at.toISOString(),
    datacontenttype: 'application/json',
    partitionkey: key,
    ...(requestId === undefined ? {} : { requestid: requestId }),
    data: payload,
  }
}
