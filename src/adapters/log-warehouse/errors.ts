import { defineErrors } from '#core/errors'

export const logErrors = defineErrors('log', {
  unknown: {
    kind: 'not_found',
    title: 'Stream not open',
    says: (p: { topic: string }) => `The log does not hold a topic "${p.topic}".`,
    remedy: 'Open the topic first.',
  },
  busy: {
    kind: 'limited',
    title: 'Too much at once',
    says: (p: { blocks: number }) => `${p.blocks} blocks of this stream already wait to be written.`,
    remedy: 'Send the block again in a second, with the same Idempotency-Key.',
  },
  closed: {
    kind: 'unavailable',
    title: 'Shutting down',
    says: () => 'The log takes no more blocks because the server is stopping.',
    remedy: 'Send the block again when the server is back, with the same Idempotency-Key.',
  },
  taken_over: {
    kind: 'unavailable',
    title: 'Another server writes this stream',
    says: (p: { topic: string }) =>
      `Another server has taken over the stream "${p.topic}"; this one does not know whether the block was written.`,
    remedy: 'Send the block again to the other server, with the same Idempotency-Key.',
  },
  backwards: {
    kind: 'conflict',
    title: 'Position goes back',
    says: (p: { group: string; at: string; asked: string }) =>
      `Consumer group "${p.group}" is at ${p.at} and cannot commit ${p.asked}.`,
    remedy: 'Use seek to replay from an earlier position.',
  },
})
