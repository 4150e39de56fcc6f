import { useId, type ReactNode } from 'react'
import { cx } from '../class-names.ts'
import { FieldError } from './ShownErrors.tsx'

export interface ControlProps {
  readonly id: string
  readonly 'aria-describedby'?: string | undefined
  readonly 'aria-invalid'?: boolean | undefined
}

/** A label, what it is for, the control, and what is wrong with it. */
export function Field({
  label,
  about,
  error,
  required = false,
  children,
}: {
  readonly label: string
  readonly about?: ReactNode
  readonly error?: string | undefined
  readonly required?: boolean
  readonly children: (props: ControlProps) => ReactNode
}) {
  const id = useId()
  const described = [about !== undefined && `${id}-about`, error !== undefined && `${id}-error`]
    .filter(Boolean)
    .join(' ')
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="text-13 font-medium">
        {label}
        {required && <span className="font-normal text-ink-3"> · required</span>}
      </label>
      {children({
        id,
        'aria-describedby': described === '' ? undefined : described,
        'aria-invalid': error === undefined ? undefined : true,
      })}
      <FieldError id={`${id}-error`} text={error} />
      {about !== undefined && (
        <p id={`${id}-about`} className="text-12 text-ink-3">
          {about}
        </p>
      )}
    </div>
  )
}

export const controlClasses =
  'h-8 w-full min-w-0 rounded-md border border-edge bg-raised px-2.5 text-13 text-ink placeholder:text-ink-3 aria-invalid:border-bad max-md:h-11 max-md:text-16'

export function TextInput({
  value,
  onChange,
  mono = false,
  className,
  ...rest
}: ControlProps & {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly placeholder?: string | undefined
  readonly type?: 'text' | 'password' | 'number' | 'search' | 'url'
  readonly mono?: boolean
  readonly autoFocus?: boolean
  readonly autoComplete?: string
  readonly 'aria-label'?: string
  readonly list?: string
  readonly className?: string
}) {
  return (
    <input
      autoComplete="off"
      spellCheck={false}
      {...rest}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx(controlClasses, mono && 'font-mono text-12', className)}
    />
  )
}

export function Select({
  value,
  options,
  onChange,
  ...rest
}: ControlProps & {
  readonly 'aria-label'?: string
  readonly value: string
  readonly options: readonly { readonly value: string; readonly title: string }[]
  readonly onChange: (value: string) => void
}) {
  return (
    <span className="relative block">
      <select
        {...rest}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={cx(controlClasses, 'cursor-pointer appearance-none truncate pr-7')}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.title}
          </option>
        ))}
      </select>
      <svg
        viewBox="0 0 10 6"
        width="10"
        height="6"
        aria-hidden="true"
        className="pointer-events-none absolute top-1/2 right-2.5 -translate-y-1/2 fill-none stroke-ink-3"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
      >
        <path d="M1 1l4 4 4-4" />
      </svg>
    </span>
  )
}

export function TextArea({
  value,
  onChange,
  rows = 4,
  mono = false,
  ...rest
}: ControlProps & {
  readonly value: string
  readonly onChange: (value: string) => void
  readonly rows?: number
  readonly mono?: boolean
  readonly placeholder?: string | undefined
  readonly 'aria-label'?: string
}) {
  return (
    <textarea
      spellCheck={false}
      {...rest}
      rows={rows}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={cx(controlClasses, 'h-auto resize-y py-2 max-md:h-auto', mono && 'font-mono text-12 leading-5')}
    />
  )
}

export function Checkbox({
  label,
  about,
  checked,
  onChange,
}: {
  readonly label: string
  readonly about?: string | undefined
  readonly checked: boolean
  readonly onChange: (checked: boolean) => void
}) {
  return (
    <label className="flex max-w-full cursor-pointer items-start gap-2.5 text-13">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-4 shrink-0 accent-water-deep"
      />
      <span className="min-w-0 wrap-anywhere">
        <span className="font-medium">{label}</span>
        {about !== undefined && <span className="block text-12 text-ink-3">{about}</span>}
      </span>
    </label>
  )
}
