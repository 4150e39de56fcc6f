import { ArrowDown, ArrowUp, Plus, Trash2 } from 'lucide-react'
import { Button } from '#ui/Button'
import { Menu } from '#ui/Menu'
import { problemAt, startingValue, type FieldProblem } from '#ui/json-schema'
import { moved } from '#ui/moved'
import { SchemaForm } from '#ui/SchemaForm'
import type { Part } from './draft.ts'
import type { TransformationItem } from './pipeline-api.ts'
import { wordFor } from './pipeline-flow.ts'

/** The transformations in order, each with its own settings. */
export function StepsEditor({
  steps,
  kinds,
  problems,
  columnsBefore,
  onChange,
}: {
  readonly steps: readonly Part[]
  readonly kinds: readonly TransformationItem[]
  readonly problems: readonly FieldProblem[]
  /** Names of the columns that reach a step. */
  readonly columnsBefore: (step: number) => readonly string[] | undefined
  readonly onChange: (steps: readonly Part[]) => void
}) {
  const put = (index: number, part: Part): void => onChange(steps.with(index, part))
  return (
    <fieldset className="min-w-0">
      <legend className="mb-2 text-14 font-semibold">Transformations</legend>
      {steps.length === 0 && <p className="mb-3 text-13 text-ink-3">None: rows go to the destination as they are.</p>}
      <ol className="flex flex-col">
        {steps.map((step, index) => {
          const kind = kinds.find(({ type }) => type === step.type)
          const place = `transformations.${index}`
          const wrong =
            problemAt(problems, place) ?? problemAt(problems, `${place}.type`) ?? problemAt(problems, `${place}.config`)
          return (
            <li key={index} className="relative border-t border-line py-4 pl-8">
              <span
                aria-hidden="true"
                className="figures absolute top-[18px] left-0 flex size-5 items-center justify-center rounded-full bg-water-soft text-12 font-medium text-water-ink"
              >
                {index + 1}
              </span>
              <div className="mb-2 flex items-start justify-between gap-2">
                <div>
                  <h2 className="text-13 font-semibold">{kind?.title ?? wordFor(step.type)}</h2>
                  {kind !== undefined && <p className="text-12 text-ink-3">{kind.about}</p>}
                </div>
                <span className="flex shrink-0">
                  <Button
                    tone="quiet"
                    label={`Move step ${index + 1} up`}
                    disabled={index === 0}
                    icon={<ArrowUp size={14} />}
                    onClick={() => onChange(moved(steps, index, index - 1))}
                  />
                  <Button
                    tone="quiet"
                    label={`Move step ${index + 1} down`}
                    disabled={index === steps.length - 1}
                    icon={<ArrowDown size={14} />}
                    onClick={() => onChange(moved(steps, index, index + 1))}
                  />
                  <Button
                    tone="quiet"
                    label={`Remove step ${index + 1}`}
                    icon={<Trash2 size={14} />}
                    onClick={() => onChange(steps.toSpliced(index, 1))}
                  />
                </span>
              </div>
              {wrong !== undefined && <p className="mb-2 text-12 text-bad">{wrong}</p>}
              {kind !== undefined && (
                <SchemaForm
                  schema={kind.settings}
                  example={kind.example}
                  value={step.config}
                  place={`${place}.config`}
                  problems={problems}
                  columns={columnsBefore(index)}
                  onChange={(config) => put(index, { ...step, config })}
                />
              )}
            </li>
          )
        })}
      </ol>
      <Menu
        align="start"
        label="Transformations"
        trigger={<Button icon={<Plus size={14} />}>Add a step</Button>}
        groups={[
          kinds.map((kind) => ({
            id: kind.type,
            title: kind.title,
            about: kind.about,
            onSelect: () =>
              onChange([...steps, { type: kind.type, config: (startingValue(kind.settings) ?? {}) as Part['config'] }]),
          })),
        ]}
      />
    </fieldset>
  )
}
