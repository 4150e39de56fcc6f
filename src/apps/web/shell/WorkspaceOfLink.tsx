import { useEffect, type ReactNode } from 'react'
import { Button } from '#ui/Button'
import { Empty } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useUrlState } from '#ui/url-state'
import { useEnterWorkspace, type Session } from '../session.ts'
import { titleOf } from './WorkspaceSwitcher.tsx'

/**
 * An address names the workspace in which it was copied, as the session does not travel with a link. Where it is
 * another one, the page asks before it changes the session's workspace; requests themselves name none.
 */
export function WorkspaceOfLink({ session, children }: { readonly session: Session; readonly children: ReactNode }) {
  const [{ workspace: named }, changeUrl] = useUrlState()
  const { workspace: here, workspaces } = session
  const several = workspaces.length > 1
  const enter = useEnterWorkspace()
  useEffect(() => {
    if (named === undefined && several) changeUrl({ workspace: here.id })
  }, [named, several, here.id, changeUrl])
  if (named === undefined || named === here.id) return children
  const other = workspaces.find(({ id }) => id === named)
  const stay = <Button onClick={() => changeUrl({ workspace: here.id })}>{`Stay in ${titleOf(here)}`}</Button>
  return (
    <Page>
      <PageHead title="A link from another workspace" />
      {other === undefined ? (
        <Empty title={`You may not enter the workspace “${named}”, or it does not exist`} action={stay}>
          <p>Ask whoever sent the link to give you access to it.</p>
        </Empty>
      ) : (
        <Empty
          title={`This link belongs to the workspace “${titleOf(other)}”`}
          action={
            <div className="flex flex-wrap gap-2">
              <Button tone="primary" onClick={() => void enter(other.id)}>{`Switch to ${titleOf(other)}`}</Button>
              {stay}
            </div>
          }
        >
          <p>You are in “{titleOf(here)}”, where the same name may be something else or nothing.</p>
        </Empty>
      )}
    </Page>
  )
}
