import { defineErrors } from '#core/errors'

export const identityErrors = defineErrors('identity', {
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'Who is asking?',
    says: (_: object) => 'This needs a token or a signed-in session.',
    remedy: 'Send "Authorization: Bearer <token>", or sign in with the link that "millrace login-link" prints.',
  },
  unknownPermission: {
    kind: 'invalid',
    title: 'Permission not known',
    says: (p: { declared: readonly string[] }) => `The permissions are ${p.declared.toSorted().join(', ')}.`,
    remedy: 'Correct the places named in problems, or leave "permissions" out for all of them.',
  },
  wrongToken: {
    kind: 'unauthenticated',
    title: 'Token not known',
    says: (_: object) => 'This token is not known here; it may have been revoked.',
    remedy: 'Use another token; the admin token of an embedded server is in the file admin.token of its home.',
  },
  wrongCode: {
    kind: 'unauthenticated',
    title: 'Link used up',
    says: (_: object) => 'This sign-in link was used before, or is older than a quarter of an hour.',
    remedy: 'Print a new one with "millrace login-link", or sign in with a token.',
  },
  tooManyGuesses: {
    kind: 'limited',
    title: 'Too many wrong credentials',
    says: (_: object) => 'Too many wrong credentials came from this address.',
    remedy: 'Wait a minute and use the right one.',
  },
  foreignPage: {
    kind: 'forbidden',
    title: 'From another page',
    says: (p: { origin: string }) => `This request comes from "${p.origin}", which is not this server's page.`,
    remedy: 'Send the request from the page of this server, or use a token instead of the cookie.',
  },
  noGuard: {
    kind: 'forbidden',
    title: 'Guard missing',
    says: (_: object) =>
      'A change with the session cookie needs the header "x-millrace-csrf" with the value of "csrf" from GET /api/v1/session.',
    remedy: 'Read the session again and send its value, or use a token instead of the cookie.',
  },
  unknownWorkspace: {
    kind: 'not_found',
    title: 'Workspace not found',
    says: (p: { workspace: string }) => `There is no workspace "${p.workspace}" that you may enter.`,
    remedy: 'GET /api/v1/session lists those you may enter.',
  },
  badWorkspace: {
    kind: 'invalid',
    title: 'Not a name for a workspace',
    says: (p: { workspace: string }) => `"${p.workspace}" is not a name for a workspace.`,
    remedy: 'Use a lower-case letter, then lower-case letters, digits and single hyphens, at most 40 characters.',
  },
  unknownToken: {
    kind: 'not_found',
    title: 'Token not found',
    says: (p: { id: string }) => `There is no token "${p.id}" in this workspace.`,
    remedy: 'List the tokens with GET /api/v1/tokens.',
  },
  nameTaken: {
    kind: 'conflict',
    title: 'Name taken',
    says: (p: { name: string }) => `There is a token named "${p.name}" already.`,
    remedy: 'Choose another name, or revoke that one first.',
  },
  adminToken: {
    kind: 'conflict',
    title: 'The admin token stays',
    says: (_: object) => 'The admin token is set by the server and cannot be revoked here.',
    remedy: 'Start the server with another MILLRACE_ADMIN_TOKEN; the earlier value is of no use from then on.',
  },
  adminOnly: {
    kind: 'forbidden',
    title: 'Only for the admin token',
    says: (_: object) => 'A sign-in link gives every right in every workspace, so only the admin token makes one.',
    remedy: 'Use the token in the file admin.token of the home, or run "millrace login-link" there.',
  },
  tooMuch: {
    kind: 'forbidden',
    title: 'More than you hold',
    says: (p: { permissions: readonly string[] }) =>
      `You cannot give away ${p.permissions.map((name) => `"${name}"`).join(', ')}, because you do not hold it.`,
    remedy: 'Ask for fewer permissions.',
  },
  sessionsOnly: {
    kind: 'conflict',
    title: 'Not a session',
    says: (_: object) => 'A token belongs to one workspace; only a signed-in browser can switch.',
    remedy: 'Use a token of the other workspace.',
  },
})
