import { changesBetween, type DefinitionLike } from './definition-lines.ts'

/** What saving would change, as it is and as it will be, and what that means for the numbers. */
export function MetricChanges({
  before,
  after,
  over,
}: {
  /** Absent while the version that somebody else saved is not read yet. */
  readonly before: DefinitionLike | undefined
  readonly after: DefinitionLike
  /** The version that somebody else saved. */
  readonly over?: number | undefined
}) {
  if (before === undefined) return null
  const changes = changesBetween(before, after)
  const counts = changes.some((change) => change.counts)
  const title = over === undefined ? 'What will change' : `What saving over version ${over} will change`
  return (
    <section aria-label={title} className="text-13">
      <h2 className="mb-2 font-semibold text-ink-2">{title}</h2>
      {changes.length === 0 ? (
        <p className="border-t border-line py-3 text-ink-3">Nothing yet.</p>
      ) : (
        <>
          <dl className="border-t border-line">
            {changes.map(({ title, from, to }) => (
              <div key={title} className="border-b border-line py-2">
                <dt className="text-12 text-ink-3">{title}</dt>
                <dd className="break-words">
                  <del className="text-ink-3">
                    <span className="sr-only">was </span>
                    {from}
                  </del>
                  <ins className="block font-medium no-underline">
                    <span className="sr-only">will be </span>
                    {to}
                  </ins>
                </dd>
              </div>
            ))}
          </dl>
          <p role="status" className="mt-3 text-ink-2">
            {counts
              ? 'All its numbers are computed again, past ones too. Until that is done they are read from the rows themselves, which takes longer.'
              : 'Its numbers stay as they are.'}
          </p>
        </>
      )}
    </section>
  )
}
