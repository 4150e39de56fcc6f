import { useState } from 'react'
import { TextArea } from '#ui/Field'
import { FieldError } from '#ui/ShownErrors'
import { bodyOf, readDraft, type Draft } from './draft.ts'

/** The same pipeline as JSON, to write or paste. */
export function CodeView({ draft, onChange }: { readonly draft: Draft; readonly onChange: (draft: Draft) => void }) {
  const [text, setText] = useState(() => JSON.stringify(bodyOf(draft), null, 2))
  const [wrong, setWrong] = useState<string>()
  return (
    <div className="text-13">
      <TextArea
        id="pipeline-code"
        aria-label="Pipeline as JSON"
        aria-invalid={wrong !== undefined || undefined}
        mono
        rows={Math.min(32, Math.max(16, text.split('\n').length + 1))}
        value={text}
        onChange={(typed) => {
          setText(typed)
          const read = readDraft(typed)
          setWrong(typeof read === 'string' ? read : undefined)
          if (typeof read !== 'string') onChange(read)
        }}
      />
      <FieldError text={wrong} className="mt-1" />
    </div>
  )
}
