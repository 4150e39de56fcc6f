import { useQueryClient } from '@tanstack/react-query'
import { MoreHorizontal, Pencil, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Confirmation } from '#ui/Dialog'
import { ButtonLink } from '#ui/Link'
import { Menu } from '#ui/Menu'
import { request } from '#ui/request'
import { useShortcut } from '#ui/shortcuts'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { dashboardPath } from './dashboard-api.ts'

export function DashboardActions({ id, title }: { readonly id: string; readonly title: string }) {
  const [removing, setRemoving] = useState(false)
  const queries = useQueryClient()
  const go = useGo()
  useShortcut('e', 'Edit the dashboard', () => go(`/dashboards/${id}/edit`))
  const remove = async (): Promise<void> => {
    await request('DELETE', dashboardPath(id))
    toast(`Dashboard ${title} deleted`)
    go('/dashboards')
    queries.removeQueries({ queryKey: ['dashboards', id] })
    await queries.invalidateQueries({ queryKey: ['dashboards'], exact: true })
  }
  return (
    <>
      <ButtonLink to={`/dashboards/${id}/edit`} icon={<Pencil size={14} />}>
        Edit
      </ButtonLink>
      <Menu
        label="More"
        trigger={<Button tone="quiet" label="More" icon={<MoreHorizontal size={16} />} />}
        groups={[
          [
            {
              id: 'delete',
              title: 'Delete dashboard',
              icon: <Trash2 size={15} />,
              danger: true,
              onSelect: () => setRemoving(true),
            },
          ],
        ]}
      />
      <Confirmation
        open={removing}
        onClose={() => setRemoving(false)}
        title={`Delete ${title}?`}
        about={`The dashboard "${title}" is gone for everybody in this workspace. Its metrics stay.`}
        verb="Delete dashboard"
        onConfirm={remove}
      />
    </>
  )
}
