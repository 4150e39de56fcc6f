import { useState } from 'react'
import { TextArea } from '#ui/Field'
import type { FieldProblem } from '#ui/json-schema'
import { ProblemList } from '#ui/Nothing'
import { bodyOf, readDraft, type Draft } from './draft.ts'

/** The same pipeline as JSON, to write or paste. */
export function CodeView({
  draft,
  onChange,
  problems,
}: {
  readonly draft: Draft
  readonly onChange: (draft: Draft) => void
  readonly problems: readonly FieldProblem[]
}) {
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
      {wrong !== undefined ? (
        <p className="mt-1 text-12 text-bad">{wrong}</p>
      ) : (
        problems.length > 0 && <ProblemList problems={problems} />
      )}
    </div>
  )
}
