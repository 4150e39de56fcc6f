import { z } from 'zod'
import { defineContract, operation } from '#kernel/contract'
import { Paging } from '#kernel/paging'

export const Workspace = z.object({ id: z.string(), title: z.string(), demo: z.boolean() })

export const Permissions = z.union([
  z.literal('all'),
  z.array(z.string().regex(/^[a-z][\w-]*(\.[a-z][\w-]*)+$/, 'is named like metrics.read')).max(200),
])
export type Permissions = z.output<typeof Permissions>

export const Session = z.object({
  kind: z.enum(['token', 'session', 'system']),
  id: z.string(),
  name: z.string(),
  workspace: Workspace,
  /** The workspaces this person may enter, this one included. */
  workspaces: z.array(Workspace),
  permissions: z.union([z.literal('all'), z.array(z.string())]),
  /** Goes into the header `x-millrace-csrf` of every change; null for tokens, which need none. */
  csrf: z.string().nullable(),
})
export type Session = z.output<typeof Session>

export const Token = z.object({
  id: z.string(),
  name: z.string(),
  permissions: Permissions,
  createdBy: z.string(),
  createdAt: z.iso.datetime(),
  usedAt: z.iso.datetime().nullable(),
})

const SignIn = z.union([
  z.strictObject({ code: z.string().min(1).max(200) }),
  z.strictObject({ token: z.string().min(1).max(500) }),
])

export const identityContract = defineContract('identity', {
  session: operation({
    method: 'GET',
    path: '/api/v1/session',
    permission: 'public',
    command: 'whoami',
    summary: 'The caller, its workspace and the other workspaces it may enter.',
    answer: Session,
  }),
  signIn: operation({
    method: 'POST',
    path: '/api/v1/session',
    permission: 'public',
    effect: 'write',
    subject: ({ answer }) => ({ kind: 'session', id: answer?.id ?? '', ...(answer && { name: answer.name }) }),
    command: false,
    maxBodyBytes: 4096,
    summary: 'Sign a browser in, with the code of a one-time link or with a token.',
    body: SignIn,
    answer: Session,
    status: 201,
  }),
  signOut: operation({
    method: 'DELETE',
    path: '/api/v1/session',
    permission: 'public',
    effect: 'write',
    subject: () => ({ kind: 'session', id: '' }),
    command: false,
    summary: 'Sign this browser out.',
    answer: z.void(),
    status: 204,
  }),
  enter: operation({
    method: 'POST',
    path: '/api/v1/session/workspace',
    permission: 'public',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'workspace', id: body.workspace }),
    command: false,
    maxBodyBytes: 4096,
    summary: 'Switch the session to another workspace.',
    body: z.strictObject({ workspace: z.string().max(100) }),
    answer: Session,
  }),
  link: operation({
    method: 'POST',
    path: '/api/v1/session/link',
    permission: 'tokens.write',
    effect: 'write',
    subject: ({ body }) => ({ kind: 'session', id: '', ...(body.workspace !== undefined && { name: body.workspace }) }),
    command: false,
    maxBodyBytes: 4096,
    summary: 'Make a link that signs one browser in once, within 15 minutes. Only for the admin token.',
    body: z.strictObject({ workspace: z.string().max(100).optional() }),
    answer: z.object({ path: z.string() }),
    status: 201,
  }),
  tokens: operation({
    method: 'GET',
    path: '/api/v1/tokens',
    permission: 'tokens.read',
    command: 'token list',
    columns: ['id', 'name', 'permissions', 'createdAt', 'usedAt'],
    summary: 'The tokens of this workspace, without their values.',
    query: Paging,
    answer: z.object({ items: z.array(Token), next: z.string().nullable() }),
  }),
  createToken: operation({
    method: 'POST',
    path: '/api/v1/tokens',
    permission: 'tokens.write',
    effect: 'write',
    subject: ({ body, answer }) => ({ kind: 'token', id: answer?.id ?? '', name: body.name }),
    command: 'token create',
    maxBodyBytes: 65_536,
    summary: 'Make a token; only this answer shows its value.',
    body: z.strictObject({ name: z.string().trim().min(1).max(100), permissions: Permissions.default('all') }),
    example: { name: 'reporting', permissions: ['metrics.read', 'dashboards.read'] },
    answer: Token.extend({ token: z.string() }),
    status: 201,
  }),
  revokeToken: operation({
    method: 'DELETE',
    path: '/api/v1/tokens/{id}',
    permission: 'tokens.write',
    effect: 'write',
    subject: ({ params }) => ({ kind: 'token', id: params.id }),
    command: 'token revoke',
    summary: 'Revoke a token; requests with it are refused from now on.',
    params: z.object({ id: z.string().max(100) }),
    answer: z.void(),
    status: 204,
  }),
})
