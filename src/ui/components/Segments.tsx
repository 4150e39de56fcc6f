import { cx } from '../class-names.ts'

/** A choice among a few, all of them in sight. */
export function Segments<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string
  readonly options: readonly { readonly value: Value; readonly title: string }[]
  readonly value: Value
  readonly onChange: (value: Value) => void
}) {
  return (
    <div
      role="radiogroup"
      aria-label={label}
      className="inline-flex h-8 rounded-md max-md:h-11 border border-line-strong bg-raised p-0.5"
    >
      {options.map((option) => (
        <label
          key={option.value}
          className={cx(
            'relative flex cursor-pointer items-center rounded-[4px] px-2.5 text-12 font-medium transition-colors duration-100 has-focus-visible:outline-2 has-focus-visible:outline-water',
            option.value === value ? 'bg-water-soft text-water-ink' : 'text-ink-3 hover:text-ink',
          )}
        >
          <input
            type="radio"
            className="absolute inset-0 cursor-pointer appearance-none outline-none"
            name={label}
            checked={option.value === value}
            onChange={() => onChange(option.value)}
          />
          {option.title}
        </label>
      ))}
    </div>
  )
}
