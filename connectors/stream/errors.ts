import { defineFailures } from '#sdk'

export const streamErrors = defineFailures('stream', {
  unknown: {
    kind: 'invalid',
    failure: 'not_found',
    title: 'Stream not found',
    says: (p: { stream: string }) => `There is no stream "${p.stream}" in this workspace.`,
    remedy: 'Send it an event first, or make a dataset of the kind "events" with this name.',
  },
  kept: {
    kind: 'invalid',
    failure: 'configuration',
    title: 'Not a stream',
    says: (p: { stream: string }) => `"${p.stream}" is a table, whose rows change; a stream only grows.`,
    remedy: 'Read it with the source "dataset".',
  },
})
