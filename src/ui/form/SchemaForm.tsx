import { Checkbox, Field } from './Field.tsx'
import { ListField, MapField } from './ListField.tsx'
import { SchemaControl } from './SchemaControl.tsx'
import { FieldError } from './ShownErrors.tsx'
import type { FieldProps, FormProps } from './field-props.ts'
import { VariantForm } from './VariantForm.tsx'
import { controlFor, problemAt, titleFor, variantsOf, type JsonSchema } from './json-schema.ts'

/** A form made from a settings schema: one field per property, required ones first. */
export function SchemaForm(props: FormProps) {
  const { schema, value, onChange, place, problems, columns } = props
  if (schema.properties === undefined && variantsOf(schema).length > 0)
    return <VariantForm {...props} variants={variantsOf(schema)} form={(inner) => <SchemaForm {...inner} />} />
  const required = new Set(schema.required)
  const fields = Object.entries(schema.properties ?? {})
    .filter(([, field]) => field.const === undefined)
    .toSorted(([a], [b]) => Number(required.has(b)) - Number(required.has(a)))
  const change = (name: string, next: unknown): void => {
    const { [name]: _, ...rest } = value
    onChange(next === undefined || next === '' ? rest : { ...value, [name]: next })
  }
  if (fields.length === 0) return <p className="text-13 text-ink-3">There is nothing to set here.</p>
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      {fields.map(([name, field]) => (
        <div key={name} className={isWide(name, field) ? 'sm:col-span-2' : undefined}>
          <SchemaField
            name={name}
            schema={field}
            value={value[name]}
            required={required.has(name)}
            place={`${place}.${name}`}
            problems={problems}
            columns={columns}
            onChange={(next) => change(name, next)}
          />
        </div>
      ))}
    </div>
  )
}

function isWide(name: string, schema: JsonSchema): boolean {
  return ['long-text', 'fields', 'list', 'map', 'variants'].includes(controlFor(name, schema).kind)
}

/** One setting: its control by its schema, with label, help and error. */
export function SchemaField(props: FieldProps) {
  const { name, schema, value, required, place, problems, onChange } = props
  const control = controlFor(name, schema)
  const label = titleFor(name, schema)
  const field = (inner: FieldProps) => <SchemaField {...inner} />
  switch (control.kind) {
    case 'boolean':
      return (
        <Checkbox
          label={label}
          about={schema.description}
          checked={value === true || (value === undefined && schema.default === true)}
          onChange={onChange}
        />
      )
    case 'fields':
    case 'variants':
      return <NestedFields {...props} label={label} />
    case 'list':
      return (
        <ListField
          {...props}
          items={control.items}
          label={label}
          field={field}
          form={(inner) => <SchemaForm {...inner} />}
        />
      )
    case 'map':
      return <MapField {...props} values={control.values} label={label} field={field} />
    default:
      return (
        <Field label={label} about={schema.description} error={problemAt(problems, place)} required={required}>
          {(attributes) => <SchemaControl {...props} attributes={attributes} control={control} />}
        </Field>
      )
  }
}

/** A setting that holds settings of its own. */
function NestedFields({
  label,
  schema,
  value,
  place,
  problems,
  columns,
  onChange,
}: FieldProps & { readonly label: string }) {
  return (
    <fieldset className="rounded-md border border-line p-4">
      <legend className="px-1 text-13 font-medium">{label}</legend>
      <FieldError text={problemAt(problems, place)} className="mb-3" />
      <SchemaForm
        schema={schema}
        value={(value ?? {}) as Record<string, unknown>}
        onChange={onChange}
        place={place}
        problems={problems}
        columns={columns}
      />
    </fieldset>
  )
}
