import { Field, TextInput } from '#ui/Field'
import { problemAt, type FieldProblem } from '#ui/json-schema'
import { titled, type Draft } from './dashboard-draft.ts'

/** The title, and for a new dashboard the name that programs use. */
export function DashboardNameFields({
  draft,
  isNew,
  problems,
  onChange,
}: {
  readonly draft: Draft
  readonly isNew: boolean
  readonly problems: readonly FieldProblem[]
  readonly onChange: (next: Draft, what: string) => void
}) {
  return (
    <div className="mb-5 grid max-w-[720px] gap-5 sm:grid-cols-2">
      <Field label="Title" required error={problemAt(problems, 'title')}>
        {(props) => (
          <TextInput
            {...props}
            value={draft.title}
            placeholder="Sales, live"
            onChange={(title) => onChange(titled(draft, title), 'type title')}
          />
        )}
      </Field>
      {isNew && (
        <Field label="Name" required error={problemAt(problems, 'name')} about="How programs ask for it">
          {(props) => (
            <TextInput
              {...props}
              mono
              value={draft.name}
              placeholder="sales-live"
              onChange={(name) => onChange({ ...draft, name, nameTyped: true }, 'type name')}
            />
          )}
        </Field>
      )}
    </div>
  )
}
