import { Plus, X } from 'lucide-react'
import { useRef } from 'react'
import { Button } from '../components/Button.tsx'
import { TextInput } from './Field.tsx'
import { FieldError } from './ShownErrors.tsx'
import type { FieldProps, FormProps } from './field-props.ts'
import { controlFor, problemAt, startingValue, type JsonSchema } from './json-schema.ts'

interface Common extends Omit<FieldProps, 'required'> {
  readonly label: string
  /** Draws one of them. */
  readonly field: (props: FieldProps) => React.ReactNode
}

/** Several of the same, in order. */
export function ListField({
  name,
  label,
  schema,
  items,
  value,
  place,
  problems,
  onChange,
  columns,
  field,
  form,
}: Common & { readonly items: JsonSchema; readonly form: (props: FormProps) => React.ReactNode }) {
  const list = Array.isArray(value) ? (value as unknown[]) : []
  const put = (index: number, next: unknown): void => onChange(list.with(index, next ?? ''))
  const object = controlFor(name, items).kind === 'fields'
  return (
    <Several
      label={label}
      about={schema.description}
      error={problemAt(problems, place)}
      onAdd={() => onChange([...list, startingValue(items) ?? (object ? {} : '')])}
    >
      {list.map((item, index) => (
        <div key={index} className="flex items-start gap-2">
          <div className="min-w-0 flex-1">
            {object
              ? form({
                  schema: items,
                  value: (item ?? {}) as Record<string, unknown>,
                  onChange: (next) => put(index, next),
                  place: `${place}.${index}`,
                  problems,
                  columns,
                })
              : field({
                  name,
                  schema: { ...items, title: `${label} ${index + 1}` },
                  value: item,
                  required: false,
                  place: `${place}.${index}`,
                  problems,
                  columns,
                  onChange: (next) => put(index, next),
                })}
          </div>
          <Button
            tone="quiet"
            className="mt-6"
            label={`Remove ${label.toLowerCase()} ${index + 1}`}
            icon={<X size={14} />}
            onClick={() => onChange(list.toSpliced(index, 1))}
          />
        </div>
      ))}
    </Several>
  )
}

/** Names with a value each. */
export function MapField({
  name,
  label,
  schema,
  values,
  value,
  place,
  problems,
  onChange,
  columns,
  field,
}: Common & { readonly values: JsonSchema }) {
  const entries = Object.entries((value ?? {}) as Record<string, unknown>)
  const put = (next: readonly (readonly [string, unknown])[]): void => onChange(Object.fromEntries(next))
  return (
    <Several
      label={label}
      about={schema.description}
      error={problemAt(problems, place)}
      onAdd={() => put([...entries, ['', startingValue(values) ?? '']])}
    >
      {entries.map(([key, item], index) => (
        <div key={index} className="flex items-start gap-2">
          <div className="mt-6 w-2/5">
            <TextInput
              id={`${place}-${index}`}
              aria-label={`Name ${index + 1}`}
              value={key}
              placeholder="Name"
              onChange={(next) => put(entries.with(index, [next, item]))}
            />
          </div>
          <div className="min-w-0 flex-1">
            {field({
              name,
              schema: { ...values, title: key === '' ? 'Value' : key },
              value: item,
              required: false,
              place: `${place}.${key}`,
              problems,
              columns,
              onChange: (next) => put(entries.with(index, [key, next ?? ''])),
            })}
          </div>
          <Button
            tone="quiet"
            className="mt-6"
            label={`Remove ${key === '' ? 'this' : key}`}
            icon={<X size={14} />}
            onClick={() => put(entries.toSpliced(index, 1))}
          />
        </div>
      ))}
    </Several>
  )
}

function Several({
  label,
  about,
  error,
  onAdd,
  children,
}: {
  readonly label: string
  readonly about: string | undefined
  readonly error: string | undefined
  readonly onAdd: () => void
  readonly children: React.ReactNode
}) {
  const fields = useRef<HTMLFieldSetElement>(null)
  const add = (): void => {
    onAdd()
    // One writes into what was added, which is there after the next paint.
    requestAnimationFrame(() => {
      const added = [...(fields.current?.querySelectorAll(':scope > div') ?? [])].at(-1)
      added?.querySelector<HTMLElement>('input, select, textarea')?.focus()
    })
  }
  return (
    <fieldset ref={fields} className="flex flex-col gap-2">
      <legend className="mb-1 text-13 font-medium">{label}</legend>
      {about !== undefined && <p className="text-12 text-ink-3">{about}</p>}
      {children}
      <FieldError text={error} />
      <Button tone="quiet" icon={<Plus size={14} />} className="self-start" onClick={add}>
        {`Add ${label.toLowerCase()}`}
      </Button>
    </fieldset>
  )
}
