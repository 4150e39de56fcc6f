import { useEffect, useState } from 'react'
import { useUrlState } from '../url-state.ts'
import { TextInput } from './Field.tsx'

/** A filter whose text is kept in the URL, changed when typing pauses: not every letter asks the server. */
export function UrlFilter({
  id,
  name,
  label,
  choices = [],
}: {
  readonly id: string
  /** Of the parameter. */
  readonly name: string
  readonly label: string
  readonly choices?: readonly string[]
}) {
  const [url, changeUrl] = useUrlState()
  const given = url[name] ?? ''
  const [text, setText] = useState(given)
  useEffect(() => setText(given), [given])
  useEffect(() => {
    if (text.trim() === given) return undefined
    const timer = setTimeout(() => changeUrl({ [name]: text.trim() }), 350)
    return () => clearTimeout(timer)
  }, [text, given, name, changeUrl])
  return (
    <>
      <TextInput
        id={id}
        type="search"
        aria-label={label}
        placeholder={label}
        {...(choices.length === 0 ? {} : { list: `${id}-choices` })}
        value={text}
        onChange={setText}
      />
      <datalist id={`${id}-choices`}>
        {choices.map((choice) => (
          <option key={choice} value={choice} />
        ))}
      </datalist>
    </>
  )
}
