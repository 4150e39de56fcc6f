import type { DefinitionChange } from './definition-lines.ts'

/** What saving would change, as it is and as it will be, and what that means for the numbers. */
export function MetricChanges({ changes }: { readonly changes: readonly DefinitionChange[] }) {
  const counts = changes.some((change) => change.counts)
  return (
    <section aria-label="What will change" className="text-13">
      <h2 className="mb-2 font-semibold text-ink-2">What will change</h2>
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
