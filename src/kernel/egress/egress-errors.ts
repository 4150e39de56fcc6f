import { defineErrors } from '#core/errors'

/** The codes begin with the name of the module that had them first: public codes do not change. */
export const egressErrors = defineErrors('connectors', {
  forbidden_address: {
    kind: 'invalid',
    title: 'Address not allowed',
    says: (p: { host: string; address: string }) =>
      `"${p.host}" (${p.address}) is not an address that Millrace may reach.`,
    remedy:
      'Name the host or its network in MILLRACE_EGRESS; private and loopback addresses are reached only when listed there.',
  },
  unresolved: {
    kind: 'invalid',
    title: 'Host not found',
    says: (p: { host: string }) => `The host "${p.host}" has no address.`,
    remedy: 'Check the name.',
  },
  lookup: {
    kind: 'unavailable',
    title: 'Host names cannot be looked up',
    says: (p: { host: string }) => `The address of the host "${p.host}" cannot be looked up now.`,
    remedy: 'Check that the name server of this machine answers, then try again.',
  },
  egress: {
    kind: 'invalid',
    title: 'MILLRACE_EGRESS is not valid',
    says: (p: { entry: string }) =>
      `MILLRACE_EGRESS has "${p.entry}"; allowed entries are *, public, host names and networks such as 10.0.0.0/8.`,
  },
})
