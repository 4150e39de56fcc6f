import { useState } from 'react'
import type { FormProps } from './field-props.ts'
import { Field, Select } from './Field.tsx'
import { startingValue, variantName, variantOf, type JsonSchema } from './json-schema.ts'

/** A value that may take several forms: which one, and the settings of it. */
export function VariantForm({
  variants,
  form,
  value,
  example,
  onChange,
  ...rest
}: FormProps & {
  readonly variants: readonly JsonSchema[]
  /** Draws the settings of one form. */
  readonly form: (props: FormProps) => React.ReactNode
}) {
  const [picked, setPicked] = useState(
    () => variantOf(variants, value) ?? variantOf(variants, (example ?? {}) as Record<string, unknown>) ?? variants[0],
  )
  const current = variantOf(variants, value) ?? picked ?? variants[0]
  if (current === undefined) return null
  const pick = (name: string): void => {
    const next = variants.find((variant) => variantName(variant) === name)
    if (next === undefined) return
    const constants = Object.entries(next.properties ?? {}).filter(([, field]) => field.const !== undefined)
    setPicked(next)
    onChange({
      ...((startingValue(next) ?? {}) as Record<string, unknown>),
      ...Object.fromEntries(constants.map(([key, field]) => [key, field.const])),
    })
  }
  return (
    <div className="flex flex-col gap-4">
      <div className="sm:max-w-[calc(50%-8px)]">
        <Field label="Written as">
          {(props) => (
            <Select
              {...props}
              value={variantName(current)}
              options={variants.map((variant) => ({ value: variantName(variant), title: variantName(variant) }))}
              onChange={pick}
            />
          )}
        </Field>
      </div>
      {form({ ...rest, schema: current, value, onChange })}
    </div>
  )
}
