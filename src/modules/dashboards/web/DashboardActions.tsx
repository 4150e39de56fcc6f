import { useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { ButtonLink } from '#ui/Link'
import { MoreMenu } from '#ui/MoreMenu'
import { useShortcut } from '#ui/shortcuts'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { ask } from './dashboard-api.ts'

export function DashboardActions({ id, title }: { readonly id: string; readonly title: string }) {
  const queries = useQueryClient()
  const go = useGo()
  useShortcut('e', 'Edit the dashboard', () => go(`/dashboards/${id}/edit`))
  const remove = async (): Promise<void> => {
    await ask('DELETE /api/v1/dashboards/{id}', { params: { id } })
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
      <MoreMenu
        removal={{
          verb: 'Delete dashboard',
          name: title,
          about: `The dashboard "${title}" is gone for everybody in this workspace. Its metrics stay.`,
          onConfirm: remove,
        }}
      />
    </>
  )
}
