import { defineErrors } from '#core/errors'

export const streamErrors = defineErrors('streams', {
  all_rejected: {
    kind: 'invalid',
    title: 'No event was accepted',
    says: (p: { stream: string; rows: number }) =>
      `${p.rows === 1 ? 'The event does' : `All ${p.rows} events do`} not fit the stream "${p.stream}".`,
    remedy: 'Correct the places named in problems; the events are kept in GET /api/v1/datasets/{stream}/quarantine.',
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
      `The request holds ${p.count} events, but one request may hold at most ${p.maximum}.`,
    remedy: 'Send them in blocks of 1,000 to 10,000.',
  },
  malformed: {
    kind: 'malformed',
    title: 'Body cannot be read',
    says: (p: { reason: string }) => `The body is not a JSON array or object: ${p.reason}.`,
    remedy: 'Send a JSON array of objects, or one object a line as application/x-ndjson.',
  },
  key_reused: {
    kind: 'conflict',
    title: 'Idempotency key used before',
    says: (p: { key: string }) => `The Idempotency-Key "${p.key}" was used before with another body.`,
    remedy: 'Use a new key for new events; reuse a key only to send the same body again.',
  },
  bad_key: {
    kind: 'invalid',
    title: 'Idempotency key is not valid',
    says: () => 'An Idempotency-Key must have 1 to 255 characters.',
  },
  bad_name: {
    kind: 'invalid',
    title: 'Stream name is not valid',
    says: (p: { stream: string }) =>
      `"${p.stream}" is not a valid stream name. A name starts with a letter, followed by letters, digits, "_", "-" or ".", and has at most 100 characters.`,
  },
  bad_position: {
    kind: 'invalid',
    title: 'Position is not valid',
    says: (p: { position: string }) => `"${p.position}" is not a position of this stream.`,
    remedy: 'Start without "after", or use the position of an earlier response.',
  },
})
