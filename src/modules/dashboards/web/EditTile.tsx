import { ArrowLeft, ArrowRight, X } from 'lucide-react'
import { Button } from '#ui/Button'
import { cx } from '#ui/class-names'
import { DragHandle } from '#ui/DragHandle'
import { Select, TextInput } from '#ui/Field'
import { FieldError } from '#ui/ShownErrors'
import { tileClasses, type TileSize } from '#ui/TileGrid'
import type { Tile } from './dashboard-api.ts'
import type { DraftTile } from './dashboard-draft.ts'
import { filterText } from './tile-points.ts'

const widths = [
  { value: '', title: 'Auto' },
  { value: '3', title: 'Quarter' },
  { value: '4', title: 'Third' },
  { value: '6', title: 'Half' },
  { value: '8', title: 'Two thirds' },
  { value: '12', title: 'Full' },
]

/** A tile of its later size, with what can be done to it in place of its number. */
export function EditTile({
  tile: { key, tile },
  place,
  count,
  name,
  metric,
  problem,
  size,
  onChange,
  onMove,
  onRemove,
  onDrag,
  onDragOver,
}: {
  readonly tile: DraftTile
  /** From 0. */
  readonly place: number
  readonly count: number
  /** As it is shown: its own title, else that of the metric. */
  readonly name: string
  readonly metric: string
  readonly problem: string | undefined
  readonly size: TileSize
  readonly onChange: (change: { readonly title?: string | undefined; readonly width?: number | undefined }) => void
  readonly onMove: (to: number, control: 'earlier' | 'later') => void
  readonly onRemove: () => void
  readonly onDrag: (dragged: boolean) => void
  readonly onDragOver: () => void
}) {
  return (
    <li
      data-tile={key}
      aria-label={`${name}, tile ${place + 1} of ${count}`}
      onDragEnter={onDragOver}
      onDragOver={(event) => event.preventDefault()}
      className={cx(
        'flex min-w-0 flex-col gap-1.5 bg-sunk p-3',
        tileClasses(size),
        'max-lg:col-span-2 max-lg:h-auto',
        problem !== undefined && 'lg:h-auto',
      )}
    >
      <div className="flex items-center gap-1.5">
        <DragHandle className="-ml-1" onStart={() => onDrag(true)} onEnd={() => onDrag(false)} />
        <h2 className="min-w-0 flex-1 truncate text-12 font-medium text-ink-2" title={tile.metric}>
          {metric}
        </h2>
        <Button
          tone="quiet"
          className="-my-1 -mr-1"
          label={`Remove ${name}`}
          data-control="remove"
          icon={<X size={14} />}
          onClick={onRemove}
        />
      </div>
      <TextInput
        id={`tile-${key}-title`}
        aria-label={`Title of ${name}`}
        value={tile.title ?? ''}
        placeholder="Own title"
        onChange={(title) => onChange({ title: title === '' ? undefined : title })}
      />
      <TileControls
        id={`tile-${key}-width`}
        width={tile.width}
        place={place}
        count={count}
        name={name}
        onChange={onChange}
        onMove={onMove}
      />
      <TileNote tile={tile} problem={problem} />
    </li>
  )
}

/** The position of the tile among the others, and its width. */
function TileControls({
  id,
  width,
  place,
  count,
  name,
  onChange,
  onMove,
}: {
  readonly id: string
  readonly width: number | undefined
  readonly place: number
  readonly count: number
  readonly name: string
  readonly onChange: (change: { readonly width: number | undefined }) => void
  readonly onMove: (to: number, control: 'earlier' | 'later') => void
}) {
  const shown = width === undefined ? '' : String(width)
  const known = widths.some(({ value }) => value === shown)
  return (
    <div className="flex items-center gap-1">
      <Button
        tone="quiet"
        label={`Move ${name} earlier`}
        data-control="earlier"
        disabled={place === 0}
        icon={<ArrowLeft size={14} />}
        onClick={() => onMove(place - 1, 'earlier')}
      />
      <Button
        tone="quiet"
        label={`Move ${name} later`}
        data-control="later"
        disabled={place === count - 1}
        icon={<ArrowRight size={14} />}
        onClick={() => onMove(place + 1, 'later')}
      />
      <span className="ml-auto w-28 min-w-0">
        <Select
          id={id}
          aria-label={`Width of ${name}`}
          value={shown}
          options={known ? widths : [...widths, { value: shown, title: `${shown} twelfths` }]}
          onChange={(chosen) => onChange({ width: chosen === '' ? undefined : Number(chosen) })}
        />
      </span>
    </div>
  )
}

function TileNote({ tile, problem }: { readonly tile: Tile; readonly problem: string | undefined }) {
  const filter = filterText(tile)
  if (problem !== undefined) return <FieldError text={problem} />
  return filter === undefined ? null : <p className="truncate text-12 text-ink-3">{`where ${filter}`}</p>
}
