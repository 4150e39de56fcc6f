import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil } from 'lucide-react'
import { useState } from 'react'
import { ButtonLink } from '#ui/Link'
import { MoreMenu } from '#ui/MoreMenu'
import { typedRequest } from '#kernel/client'
import type { dashboardsContract } from '#modules/dashboards/contract'
import { request } from '#ui/request'
import { useShortcut } from '#ui/shortcuts'
import { toast } from '#ui/Toasts'
import { useGo } from '#ui/url-state'
import { ask } from './metric-api.ts'
import { PinButton } from './PinButton.tsx'

const askDashboards = typedRequest<typeof dashboardsContract>(request)

/** Edit and delete; before it is gone one reads where it is shown. */
export function MetricActions({ code, name }: { readonly code: string; readonly name: string }) {
  const [asked, setAsked] = useState(false)
  const queries = useQueryClient()
  const go = useGo()
  const dashboards = useQuery({
    queryKey: ['dashboards'],
    queryFn: async ({ signal }) =>
      (await askDashboards('GET /api/v1/dashboards', { query: { limit: 100 }, signal })).items,
    enabled: asked,
  })
  const shown = dashboards.data?.filter(({ tiles }) => tiles.some(({ metric }) => metric === code)) ?? []
  useShortcut('e', 'Edit the metric', () => go(`/metrics/${code}/edit`))
  const remove = async (): Promise<void> => {
    await ask('DELETE /api/v1/metrics/{code}', { params: { code } })
    toast(`Metric ${code} deleted`)
    go('/metrics')
    // The page may still be there for a moment, and would ask for the removed metric again.
    queries.removeQueries({ queryKey: ['metrics', code], type: 'inactive' })
    await queries.invalidateQueries({ queryKey: ['metrics'], exact: true })
  }
  return (
    <>
      <PinButton code={code} name={name} />
      <ButtonLink to={`/metrics/${code}/edit`} icon={<Pencil size={14} />}>
        Edit metric
      </ButtonLink>
      <MoreMenu
        removal={{
          verb: 'Delete metric',
          name,
          about: `The metric "${code}" and what was folded for it are gone. The rows of its dataset stay.${shownText(shown)}`,
          onAsk: () => setAsked(true),
          onConfirm: remove,
        }}
      />
    </>
  )
}

function shownText(shown: readonly { readonly title: string }[]): string {
  if (shown.length === 0) return ''
  return ` Its tile goes empty on ${shown.map(({ title }) => `“${title}”`).join(', ')}.`
}
