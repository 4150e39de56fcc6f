import { Columns3, Copy, Search } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../components/Button.tsx'
import { Menu } from '../components/Menu.tsx'
import type { Export } from '../export/export-text.ts'
import { ExportMenu } from '../export/ExportMenu.tsx'
import { formatNumber } from '../format/number.ts'
import { useShortcut } from '../keyboard/shortcuts.ts'
import type { Column } from './rows.ts'

export function TableTools<Row>({
  label,
  filter,
  onFilter,
  placeholder = 'Filter',
  columns,
  visible,
  onChoose,
  onCopy,
  source,
  count,
  total,
}: {
  readonly label: string
  readonly filter: string
  readonly onFilter: (filter: string) => void
  readonly placeholder?: string | undefined
  readonly columns: readonly Column<Row>[]
  readonly visible: readonly Column<Row>[]
  readonly onChoose: (chosen: ReadonlySet<string>) => void
  readonly onCopy: () => void
  readonly source: () => Export<Row>
  readonly count: number
  readonly total: number
}) {
  const input = useRef<HTMLInputElement>(null)
  useShortcut('/', 'Filter the rows', () => input.current?.focus())
  const shown = new Set(visible.map(({ id }) => id))
  const toggle = (id: string): void => {
    const next = new Set(shown)
    if (!next.delete(id)) next.add(id)
    if (next.size > 0) onChoose(next)
  }
  return (
    <div className="flex items-center gap-2 pb-2">
      <div className="relative w-64 max-w-full">
        <Search size={14} aria-hidden="true" className="absolute top-1/2 left-2.5 -translate-y-1/2 text-ink-3" />
        <input
          ref={input}
          type="search"
          value={filter}
          placeholder={placeholder}
          aria-label={`Filter ${label.toLowerCase()}`}
          onChange={(event) => onFilter(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') {
              onFilter('')
              event.currentTarget.blur()
            }
          }}
          className="touch h-8 w-full rounded-md bg-sunk [&::-webkit-search-cancel-button]:hidden pr-2 pl-8 text-13 placeholder:text-ink-3 max-md:text-16"
        />
      </div>
      <span className="figures ml-auto text-12 whitespace-nowrap text-ink-3" aria-live="polite">
        {count === total ? formatNumber(total) : `${formatNumber(count)} of ${formatNumber(total)}`}
      </span>
      <Menu
        label="Columns"
        trigger={<Button tone="quiet" label="Choose columns" icon={<Columns3 size={15} />} className="max-sm:hidden" />}
        groups={[columns.map(({ id, title }) => ({ id, title, chosen: shown.has(id), onSelect: () => toggle(id) }))]}
      />
      <Button tone="quiet" label="Copy these rows" icon={<Copy size={15} />} onClick={onCopy} />
      <ExportMenu what={label.toLowerCase()} source={source} />
    </div>
  )
}
