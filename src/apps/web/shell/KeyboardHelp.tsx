import { Dialog } from '#ui/Dialog'
import { Keys } from '#ui/Keys'
import { useShortcuts } from '#ui/shortcuts'

export function KeyboardHelp({ onClose }: { readonly onClose: () => void }) {
  const shortcuts = useShortcuts()
  const groups = [...new Set(shortcuts.map(({ group }) => group))].toSorted((a, b) => order(a) - order(b))
  return (
    <Dialog open onClose={onClose} title="Keys">
      {groups.map((group) => (
        <section key={group} aria-label={group}>
          <h3 className="mb-1 text-12 text-ink-3">{group}</h3>
          <ul>
            {shortcuts
              .filter(
                (one, index) => one.group === group && shortcuts.findIndex(({ keys }) => keys === one.keys) === index,
              )
              .map(({ keys, does }) => (
                <li
                  key={keys}
                  className="flex h-8 items-center justify-between border-b border-line text-13 last:border-0"
                >
                  {does}
                  <Keys keys={keys} />
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Dialog>
  )
}

function order(group: string): number {
  return ['This page', 'Everywhere', 'Go'].indexOf(group)
}
