import { defineErrors } from '#core/errors'

export const streamErrors = defineErrors('streams', {
  all_rejected: {
    kind: 'invalid',
    title: 'No event was taken',
    says: (p: { stream: string; rows: number }) =>
      `${p.rows === 1 ? 'The event does' : `All ${p.rows} events do`} not fit the stream "${p.stream}".`,
    remedy: 'Correct the places named in problems; the events are kept in GET /api/v1/datasets/{name}/quarantine.',
  },
  empty: {
    kind: 'invalid',
    title: 'No events',
    says: (p: { stream: string }) => `The request holds no event, and there is no stream "${p.stream}" yet.`,
    remedy: 'Send at least one JSON object.',
  },
  too_many: {
    kind: 'too_large',
    title: 'Too many events at once',
    says: (p: { count: number; maximum: number }) =>
      `The request holds ${p.count} events, and at most ${p.maximum} are taken at once.`,
    remedy: 'Send them in blocks of 1,000 to 10,000.',
  },
  malformed: {
    kind: 'malformed',
    title: 'Body not readable',
    says: (p: { reason: string }) => `The body is not a JSON array or object: ${p.reason}.`,
    remedy: 'Send a JSON array of objects, or one object a line as application/x-ndjson.',
  },
  key_reused: {
    kind: 'conflict',
    title: 'Idempotency key used before',
    says: (p: { key: string }) => `The Idempotency-Key "${p.key}" came with another body before.`,
    remedy: 'Use a new key for new events; keep a key only for sending the same body again.',
  },
  bad_key: {
    kind: 'invalid',
    title: 'Idempotency key not valid',
    says: () => 'An Idempotency-Key has 1 to 255 characters.',
  },
  bad_name: {
    kind: 'invalid',
    title: 'Stream name not valid',
    says: (p: { stream: string }) =>
      `"${p.stream}" cannot be the name of a stream: it starts with a letter, then letters, digits, "_", "-" or ".", at most 100.`,
  },
  bad_position: {
    kind: 'invalid',
    title: 'Position not understood',
    says: (p: { position: string }) => `"${p.position}" is not a position that this stream has given out.`,
    remedy: 'Start without "after", or use the position of an earlier answer.',
  },
})
