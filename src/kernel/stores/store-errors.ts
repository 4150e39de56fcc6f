import { defineErrors } from '#core/errors'

export const storesErrors = defineErrors('stores', {
  in_use: {
    kind: 'conflict',
    title: 'The stores are in use',
    says: (p: { host: string; process: number; since: string }) =>
      `The metadata database is in use by another server: process ${p.process} on ${p.host}, since ${p.since}.`,
    remedy: 'Use that server, stop it, or give this one a database of its own.',
  },
  claimed: {
    kind: 'conflict',
    title: 'The warehouse belongs to another installation',
    says: (p: { host: string; process: number; since: string }) =>
      `The warehouse belongs to another installation, for which process ${p.process} on ${p.host} claimed it on ${p.since}.`,
    remedy:
      'Use the metadata database of that installation, or another ClickHouse. If that installation is gone for good, drop the table millrace_system.claim.',
  },
})
