import { useRef, useState } from 'react'
import { Button } from '../components/Button.tsx'
import { controlClasses, TextInput, type ControlProps } from './Field.tsx'

/** What the server shows in place of a secret that it keeps, and takes for "as it is". */
const kept = '***'

/** A secret is typed, or, where one is kept, stays, is replaced or removed. */
export function SecretControl({
  value,
  placeholder,
  required,
  label,
  onChange,
  ...attributes
}: ControlProps & {
  readonly value: unknown
  readonly placeholder: string | undefined
  readonly required: boolean
  readonly label: string
  readonly onChange: (value: unknown) => void
}) {
  const [isKept] = useState(value === kept)
  const place = useRef<HTMLDivElement>(null)
  const [isReplacing, setReplacing] = useState(false)
  const isRemoved = isKept && !isReplacing && value !== kept
  const keep = (): void => {
    setReplacing(false)
    onChange(kept)
  }
  if (!isKept || isReplacing)
    return (
      <div ref={place} className="flex gap-2">
        <TextInput
          {...attributes}
          type="password"
          value={typeof value === 'string' && value !== kept ? value : ''}
          placeholder={placeholder}
          onChange={onChange}
        />
        {isKept && <Button onClick={keep}>Keep the old one</Button>}
      </div>
    )
  return (
    <div ref={place} className="flex flex-wrap gap-2">
      <output
        id={attributes.id}
        aria-describedby={attributes['aria-describedby']}
        className={`${controlClasses} flex min-w-36! flex-1 items-center whitespace-nowrap text-ink-3`}
      >
        {isRemoved ? 'Removed when you save' : 'Kept, not shown'}
      </output>
      {isRemoved ? (
        <Button onClick={keep}>Keep it</Button>
      ) : (
        <>
          <Button
            label={`Replace ${label}`}
            onClick={() => {
              setReplacing(true)
              onChange(undefined)
              // One types into the field, which is there after the next paint.
              requestAnimationFrame(() => place.current?.querySelector('input')?.focus())
            }}
          >
            Replace
          </Button>
          {!required && (
            <Button label={`Remove ${label}`} onClick={() => onChange(null)}>
              Remove
            </Button>
          )}
        </>
      )}
    </div>
  )
}
