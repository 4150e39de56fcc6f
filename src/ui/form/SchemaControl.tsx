import { Select, TextArea, TextInput, type ControlProps } from './Field.tsx'
import { JsonField } from './JsonField.tsx'
import type { FieldProps } from './field-props.ts'
import { titleFor, type Control } from './json-schema.ts'
import { SecretControl } from './SecretControl.tsx'

type SimpleControl = Exclude<Control, { kind: 'boolean' | 'fields' | 'variants' | 'list' | 'map' }>

/** The input of a setting that is one value. */
export function SchemaControl({
  attributes,
  control,
  name,
  schema,
  value,
  required,
  columns,
  onChange,
}: FieldProps & { readonly attributes: ControlProps; readonly control: SimpleControl }) {
  const text = value === undefined || value === null ? '' : String(value)
  const example = schema.examples?.[0] ?? schema.default
  const placeholder = example === undefined || typeof example === 'object' ? undefined : String(example)
  switch (control.kind) {
    case 'choice':
      return (
        <Select
          {...attributes}
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
      return <TextArea {...attributes} value={text} onChange={onChange} placeholder={placeholder} mono />
    case 'json':
      return <JsonField {...attributes} value={value} onChange={onChange} />
    case 'number':
    case 'integer':
      return (
        <TextInput
          {...attributes}
          type="number"
          value={text}
          placeholder={placeholder}
          onChange={(next) => onChange(next === '' ? undefined : Number(next))}
        />
      )
    case 'secret':
      return (
        <SecretControl
          {...attributes}
          value={value}
          required={required}
          label={titleFor(name, schema).toLowerCase()}
          placeholder={placeholder}
          onChange={onChange}
        />
      )
    default:
      return (
        <SuggestingInput
          {...attributes}
          suggestions={namesColumn(name) ? columns : undefined}
          type="text"
          value={text}
          placeholder={placeholder}
          onChange={onChange}
        />
      )
  }
}

function namesColumn(setting: string): boolean {
  return /^(field|column|select|drop|by|key|on)s?$/i.test(setting)
}

function SuggestingInput({
  suggestions,
  ...input
}: Parameters<typeof TextInput>[0] & { readonly suggestions: readonly string[] | undefined }) {
  if (suggestions === undefined) return <TextInput {...input} />
  const list = `${input.id}-columns`
  return (
    <>
      <TextInput {...input} list={list} />
      <datalist id={list}>
        {suggestions.map((suggestion) => (
          <option key={suggestion} value={suggestion} />
        ))}
      </datalist>
    </>
  )
}
