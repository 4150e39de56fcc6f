import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { asProblem } from '#ui/api-problem'
import { detailText } from '#ui/problem-text'
import { toast } from '#ui/Toasts'
import { maxPins } from '#core/home-pins'
import { ask } from './metric-api.ts'
import { canPin, orderForUndo, withoutPin, withPin, withPinBack, type PinChange } from './pins.ts'

export const pinsQuery = queryOptions({
  queryKey: ['home', 'pins'],
  queryFn: async ({ signal }): Promise<readonly string[]> => (await ask('GET /api/v1/home/pins', { signal })).metrics,
})

/** With those that were unpinned since: several come back in this order, whichever comes first. */
const orderKey = ['home', 'pins', 'order before unpinning']

export interface PinControls {
  readonly codes: readonly string[]
  readonly change: (change: PinChange) => void
  readonly pin: (code: string, name: string) => void
  readonly unpin: (code: string, name: string) => void
}

/** The pins of whoever is here; `undefined` until they are read. A change shows at once and is saved after those before it. */
export function usePins(): PinControls | undefined {
  const queries = useQueryClient()
  const { queryKey } = pinsQuery
  const { data: codes } = useQuery(pinsQuery)
  const saving = useMutation({
    scope: { id: 'home pins' },
    mutationFn: async (metrics: readonly string[]) =>
      await ask('PUT /api/v1/home/pins', { body: { metrics: [...metrics] } }),
    onError: (error) => {
      toast(`The pins were not saved. ${detailText(asProblem(error).detail)}`, 'bad')
      void queries.invalidateQueries({ queryKey })
    },
  })
  const change = (changed: PinChange): void => {
    const before = queries.getQueryData(queryKey) ?? []
    const after = changed(before)
    if (after === before) return
    void queries.cancelQueries({ queryKey })
    queries.setQueryData(queryKey, after)
    saving.mutate(after)
  }
  if (codes === undefined) return undefined
  return {
    codes,
    change,
    pin: (code, name) => {
      if (!canPin(queries.getQueryData(queryKey) ?? []))
        return toast(`Home has ${maxPins} pinned metrics, the most it shows. Unpin one first.`, 'warn')
      change(withPin(code))
      toast(`${name} pinned to Home`)
    },
    unpin: (code, name) => {
      const shown = queries.getQueryData(queryKey) ?? codes
      const order = orderForUndo(queries.getQueryData<readonly string[]>(orderKey) ?? shown, shown)
      queries.setQueryData(orderKey, order)
      change(withoutPin(code))
      toast(`${name} unpinned from Home`, 'good', { title: 'Undo', onSelect: () => change(withPinBack(code, order)) })
    },
  }
}
