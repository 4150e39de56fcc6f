import { defineErrors } from '#core/errors'
import { programName } from '#core/program-name'

export const identityErrors = defineErrors('identity', {
  unauthenticated: {
    kind: 'unauthenticated',
    title: 'Not signed in',
    says: (_: object) => 'This request needs a token or a signed-in session.',
    remedy: `Send "Authorization: Bearer <token>", or sign in with the link that "${programName} login-link" prints.`,
  },
  unknownPermission: {
    kind: 'invalid',
    title: 'Unknown permission',
    says: (p: { declared: readonly string[] }) => `The permissions are ${p.declared.toSorted().join(', ')}.`,
    remedy: 'Correct the places named in problems, or leave "permissions" out for all of them.',
  },
  wrongToken: {
    kind: 'unauthenticated',
    title: 'Unknown token',
    says: (_: object) => 'This server does not know the token; it may have been revoked.',
    remedy: 'Use another token; the admin token of an embedded server is in the file admin.token of its home.',
  },
  wrongCode: {
    kind: 'unauthenticated',
    title: 'Sign-in link is not valid any more',
    says: (_: object) => 'This sign-in link was used before or is older than 15 minutes.',
    remedy: `Print a new one with "${programName} login-link", or sign in with a token.`,
  },
  tooManyGuesses: {
    kind: 'limited',
    title: 'Too many wrong credentials',
    says: (_: object) => 'Too many wrong credentials came from this address.',
    remedy: 'Wait a minute and use the right one.',
  },
  foreignPage: {
    kind: 'forbidden',
    title: 'Request from another page',
    says: (p: { origin: string }) => `This request comes from "${p.origin}", which is not this server's page.`,
    remedy: 'Send the request from the page of this server, or use a token instead of the cookie.',
  },
  noGuard: {
    kind: 'forbidden',
    title: 'CSRF header is missing',
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
    title: 'Workspace name is not valid',
    says: (p: { workspace: string }) => `"${p.workspace}" is not a valid workspace name.`,
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
    says: (p: { name: string }) => `The workspace already has a token named "${p.name}".`,
    remedy: 'Choose another name, or revoke that token first.',
  },
  adminToken: {
    kind: 'conflict',
    title: 'The admin token cannot be revoked',
    says: (_: object) => 'The admin token is set by the server and cannot be revoked here.',
    remedy: 'Start the server with another MILLRACE_ADMIN_TOKEN; the earlier value is then not valid any more.',
  },
  adminOnly: {
    kind: 'forbidden',
    title: 'Only for the admin token',
    says: (_: object) =>
      'A sign-in link gives every permission in every workspace, so only the admin token can make one.',
    remedy: `Use the token in the file admin.token of the home, or run "${programName} login-link" there.`,
  },
  tooMuch: {
    kind: 'forbidden',
    title: 'Permission that you do not have',
    says: (p: { permissions: readonly string[] }) =>
      `You cannot give ${p.permissions.map((name) => `"${name}"`).join(', ')} to a token, because you do not have ${p.permissions.length === 1 ? 'it' : 'them'}.`,
    remedy: 'Ask for fewer permissions.',
  },
  sessionsOnly: {
    kind: 'conflict',
    title: 'Not a session',
    says: (_: object) => 'A token belongs to one workspace; only a signed-in browser can switch.',
    remedy: 'Use a token of the other workspace.',
  },
})
