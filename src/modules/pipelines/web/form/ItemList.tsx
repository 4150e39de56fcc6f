import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { useRef, type ReactNode } from 'react'
import { Button } from '#ui/Button'
import { Menu } from '#ui/Menu'
import { moved } from '#ui/moved'
import { FieldError } from '#ui/ShownErrors'

export interface ListedItem {
  readonly title: string
  readonly about?: string | undefined
  readonly error?: string | undefined
  readonly body: ReactNode
}

/** Things of a pipeline in their order, each with its settings: added from a list of kinds, moved and removed. */
export function ItemList<Item>({
  title,
  noun,
  none,
  items,
  show,
  kinds,
  onAdd,
  onChange,
}: {
  readonly title: string
  /** One of them: "step". */
  readonly noun: string
  /** What it means that there are none. */
  readonly none: string
  readonly items: readonly Item[]
  readonly show: (item: Item, index: number) => ListedItem
  readonly kinds: readonly { readonly type: string; readonly title: string; readonly about: string }[]
  readonly onAdd: (type: string) => void
  readonly onChange: (items: readonly Item[]) => void
}) {
  const list = useRef<HTMLOListElement>(null)
  /** The controls moved in the page: the focus goes along with the item, or to the next one when it is gone. */
  const focus = (index: number, control: 'up' | 'down' | 'remove'): void => {
    requestAnimationFrame(() => {
      const item = list.current?.children[Math.min(index, list.current.children.length - 1)]
      const buttons = [control, control === 'up' ? 'down' : 'up', 'remove'].map((name) =>
        item?.querySelector<HTMLElement>(`[data-control="${name}"]:enabled`),
      )
      buttons.find((button) => button !== null && button !== undefined)?.focus()
    })
  }
  const move = (from: number, to: number): void => {
    onChange(moved(items, from, to))
    focus(to, to < from ? 'up' : 'down')
  }
  const remove = (index: number): void => {
    onChange(items.toSpliced(index, 1))
    focus(index, 'remove')
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">{title}</legend>
      {items.length === 0 && <p className="mb-3 text-13 text-ink-3">{none}</p>}
      <ol ref={list} className="flex flex-col">
        {items.map((item, index) => {
          const shown = show(item, index)
          return (
            <li key={index} className="relative border-t border-line py-4 pl-8">
              <span
                aria-hidden="true"
                className="figures absolute top-[18px] left-0 flex size-5 items-center justify-center rounded-full bg-water-soft text-12 font-medium text-water-ink"
              >
                {index + 1}
              </span>
              <div className="mb-2 flex items-start justify-between gap-2">
                <div className="min-w-0">
                  <h2 className="text-13 font-semibold">{shown.title}</h2>
                  {shown.about !== undefined && <p className="text-12 text-ink-3">{shown.about}</p>}
                </div>
                <ItemControls
                  name={`${noun} ${index + 1}`}
                  first={index === 0}
                  last={index === items.length - 1}
                  onUp={() => move(index, index - 1)}
                  onDown={() => move(index, index + 1)}
                  onRemove={() => remove(index)}
                />
              </div>
              <FieldError text={shown.error} className="mb-2" />
              {shown.body}
            </li>
          )
        })}
      </ol>
      <Menu
        align="start"
        label={title}
        trigger={<Button icon={<Plus size={14} />}>{`Add a ${noun}`}</Button>}
        groups={[
          kinds.map((kind) => ({
            id: kind.type,
            title: kind.title,
            about: kind.about,
            onSelect: () => onAdd(kind.type),
          })),
        ]}
      />
    </fieldset>
  )
}

function ItemControls({
  name,
  first,
  last,
  onUp,
  onDown,
  onRemove,
}: {
  readonly name: string
  readonly first: boolean
  readonly last: boolean
  readonly onUp: () => void
  readonly onDown: () => void
  readonly onRemove: () => void
}) {
  return (
    <span className="flex shrink-0">
      <Button
        tone="quiet"
        data-control="up"
        label={`Move ${name} up`}
        disabled={first}
        icon={<ArrowUp size={14} />}
        onClick={onUp}
      />
      <Button
        tone="quiet"
        data-control="down"
        label={`Move ${name} down`}
        disabled={last}
        icon={<ArrowDown size={14} />}
        onClick={onDown}
      />
      <Button
        tone="quiet"
        data-control="remove"
        label={`Remove ${name}`}
        icon={<Trash2 size={14} />}
        onClick={onRemove}
      />
    </span>
  )
}
