import { useQuery } from '@tanstack/react-query'
import { ChoiceList } from '#ui/ChoiceList'
import { Failure, SkeletonRows } from '#ui/Nothing'
import { formatCount } from '#ui/number'
import type { FoundStream, foundStreamsQuery } from '../pipeline-api.ts'

/** What can be read there, to choose one from: tables, files, streams. */
export function StreamPicker({
  query,
  what,
  isChosen,
  onChoose,
}: {
  readonly query: ReturnType<typeof foundStreamsQuery>
  /** "Table", "File": what one of them is. */
  readonly what: string
  readonly isChosen: (stream: FoundStream) => boolean
  readonly onChoose: (stream: FoundStream) => void
}) {
  const found = useQuery(query)
  if (found.isError)
    return (
      <div className="mb-5">
        <Failure error={found.error} compact retry={() => void found.refetch()} />
      </div>
    )
  if (found.data === undefined) return <SkeletonRows rows={3} />
  if (found.data.length === 0)
    return <p className="mb-4 text-13 text-ink-3">{`There is no ${what.toLowerCase()} to read yet.`}</p>
  return (
    <div className="mb-5">
      <ChoiceList
        id="stream"
        label={`${what} to read`}
        what={what.toLowerCase()}
        choices={found.data.map((stream) => ({
          name: stream.name,
          chosen: isChosen(stream),
          // Some servers do not say the columns of what they list.
          about:
            stream.columns === undefined || stream.columns.length === 0
              ? undefined
              : formatCount(stream.columns.length, 'column'),
        }))}
        onChoose={(name) => {
          const stream = found.data.find((each) => each.name === name)
          if (stream !== undefined) onChoose(stream)
        }}
      />
    </div>
  )
}
