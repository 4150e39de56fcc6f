import { Checkbox, Field, Select, TextArea, TextInput } from './Field.tsx'
import { JsonField } from './JsonField.tsx'
import { ListField, MapField } from './ListField.tsx'
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

export function SchemaField(props: FieldProps) {
  const { name, schema, value, required, place, problems, onChange, columns } = props
  const control = controlFor(name, schema)
  const label = titleFor(name, schema)
  const error = problemAt(problems, place)
  const about = schema.description
  const text = value === undefined || value === null ? '' : String(value)
  const example = schema.examples?.[0] ?? schema.default
  const placeholder = example === undefined || typeof example === 'object' ? undefined : String(example)

  switch (control.kind) {
    case 'boolean':
      return (
        <Checkbox
          label={label}
          about={about}
          checked={value === true || (value === undefined && schema.default === true)}
          onChange={onChange}
        />
      )
    case 'fields':
    case 'variants':
      return (
        <fieldset className="rounded-md border border-line p-4">
          <legend className="px-1 text-13 font-medium">{label}</legend>
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
    case 'list':
      return (
        <ListField
          {...props}
          items={control.items}
          label={label}
          field={(inner) => <SchemaField {...inner} />}
          form={(inner) => <SchemaForm {...inner} />}
        />
      )
    case 'map':
      return <MapField {...props} values={control.values} label={label} field={(inner) => <SchemaField {...inner} />} />
    default:
  }
  return (
    <Field label={label} about={about} error={error} required={required}>
      {(field) => {
        switch (control.kind) {
          case 'choice':
            return (
              <Select
                {...field}
                value={text}
                onChange={onChange}
                options={[
                  ...(required && text !== ''
                    ? []
                    : [{ value: '', title: placeholder === undefined ? 'Choose' : `${placeholder} (default)` }]),
                  ...control.options.map((option) => ({ value: option, title: option })),
                ]}
              />
            )
          case 'long-text':
            return <TextArea {...field} value={text} onChange={onChange} placeholder={placeholder} mono />
          case 'json':
            return <JsonField {...field} value={value} onChange={onChange} />
          case 'number':
          case 'integer':
            return (
              <TextInput
                {...field}
                type="number"
                value={text}
                placeholder={placeholder}
                onChange={(next) => onChange(next === '' ? undefined : Number(next))}
              />
            )
          default: {
            const list =
              columns !== undefined && /^(field|column|select|drop|by|key|on)s?$/i.test(name)
                ? `${field.id}-columns`
                : undefined
            return (
              <>
                <TextInput
                  {...field}
                  {...(list === undefined ? {} : { list })}
                  type={control.kind === 'secret' ? 'password' : 'text'}
                  value={text}
                  placeholder={placeholder}
                  onChange={onChange}
                />
                {list !== undefined && (
                  <datalist id={list}>
                    {columns?.map((column) => (
                      <option key={column} value={column} />
                    ))}
                  </datalist>
                )}
              </>
            )
          }
        }
      }}
    </Field>
  )
}
