import { useEffect, useState } from 'react'
import { parseJsonValue } from '#core/parse-json'
import { TextArea, type ControlProps } from './Field.tsx'

/** A value as JSON; what does not parse stays as typed and is used when it does. A bare word is text. */
export function JsonField({
  value,
  onChange,
  ...rest
}: ControlProps & { readonly value: unknown; readonly onChange: (value: unknown) => void }) {
  const [text, setText] = useState(() => written(value))
  useEffect(() => {
    setText((typed) => (JSON.stringify(read(typed)) === JSON.stringify(value) ? typed : written(value)))
  }, [value])
  return (
    <TextArea
      {...rest}
      mono
      rows={Math.min(12, text.split('\n').length)}
      value={text}
      onChange={(typed) => {
        setText(typed)
        onChange(read(typed))
      }}
    />
  )
}

function read(text: string): unknown {
  if (text.trim() === '') return undefined
  try {
    return parseJsonValue(text)
  } catch {
    return text
  }
}

function written(value: unknown): string {
  if (value === undefined) return ''
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2)
}
