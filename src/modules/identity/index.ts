import type { Actor, Principal } from '#core/actor'
import type { Authenticator } from '#kernel/authentication'
import { face } from '#kernel/module'

/**
 * Who may come in, and where to.
 *
 * ```ts
 * await needs.identity.loginLink('default') // '/app/sign-in?code=…'
 * const { token } = await needs.identity.createToken('default', { name: 'ci', permissions: ['streams.write'] })
 * token // 'mr_…'
 * ```
 */
export const identity = face<Identity>('identity')

export interface Identity extends Authenticator {
  /** A link that signs one browser in, once, within a quarter of an hour: `/app/sign-in?code=…`. */
  loginLink(workspace: string): Promise<string>
  createToken(
    workspace: string,
    spec: { name: string; permissions: readonly string[] | 'all' },
  ): Promise<{ id: string; token: string }>
  /** What somebody may do now in a workspace; nothing when they are not there any more. */
  actorOf(workspace: string, principal: Principal): Promise<Actor | undefined>
  workspaces(): Promise<readonly Workspace[]>
  /** Makes it when it is not there. */
  ensureWorkspace(workspace: Workspace): Promise<void>
  /** Takes the given value as the admin token of `default`, in place of the earlier one. */
  setAdminToken(token: string): Promise<void>
  systemActor(workspace: string, module: string): Actor
}

export interface Workspace {
  /** Lower-case letters, digits and `-`; part of database names. */
  readonly id: string
  readonly title: string
  /** A demo says that it is one, everywhere. */
  readonly demo: boolean
}
