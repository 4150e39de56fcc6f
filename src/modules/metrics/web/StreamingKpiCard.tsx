import type { LiveState } from '#ui/live-feed'
import { cx } from '#ui/class-names'
import { Delta } from '#ui/Delta'
import { Freshness } from '#ui/Freshness'
import { Link } from '#ui/Link'
import { formatExact, formatNumber } from '#ui/number'
import { Sparkline } from '#ui/Sparkline'
import type { SparkPoint } from '#ui/sparkline-path'
import { plainTile, tileClasses, type TileSize } from '#ui/TileGrid'

/** `StreamingKPICard`: a number above the water of its recent past. */
export function StreamingKpiCard({
  to,
  search,
  name,
  heading: Heading = 'h2',
  value,
  unit,
  caption,
  base,
  against,
  partialSince,
  approximate = false,
  direction,
  spark,
  link,
  heardAt,
  lastRowAt,
  loading,
  problem,
  size = plainTile,
}: {
  readonly to: string
  readonly search?: Readonly<Record<string, string | undefined>>
  readonly name: string
  /** One below the heading that the tiles are under. */
  readonly heading?: 'h2' | 'h3'
  readonly value: number | null | undefined
  readonly unit?: string | undefined
  readonly caption: string
  readonly base: number | null | undefined
  readonly against: string
  readonly partialSince?: number | undefined
  /** The value comes from a sketch. */
  readonly approximate?: boolean
  readonly direction?: string | undefined
  readonly spark: readonly SparkPoint[]
  readonly link: LiveState['link']
  readonly heardAt: number | undefined
  readonly lastRowAt?: number | undefined
  readonly loading: boolean
  readonly problem?: string | undefined
  readonly size?: TileSize
}) {
  return (
    <Link
      to={to}
      search={search}
      className={cx(
        'group relative flex min-w-0 flex-col overflow-hidden outline-offset-[-2px] transition-colors duration-100 hover:bg-water-mist',
        tileClasses(size),
      )}
    >
      {/* A menu lies over the upper right corner. */}
      <div className="flex items-center gap-2 px-4 pt-3 pr-11">
        <Heading className="min-w-0 flex-1 truncate text-12 font-medium text-ink-2">{name}</Heading>
        <Freshness link={link} heardAt={heardAt} lastRowAt={lastRowAt} word={false} />
      </div>
      <div className="px-4 pt-1">
        {loading ? (
          <span className="skeleton mt-1 block h-7 w-24" />
        ) : (
          <BigValue value={value} unit={unit} approximate={approximate} tall={size.tall} />
        )}
        {/* A caption with no room for a word beside the change is out of sight. */}
        <p className="flex h-4 flex-wrap items-center gap-x-2 overflow-hidden whitespace-nowrap">
          {problem === undefined ? (
            <>
              {!loading && value !== undefined && value !== null && (
                <Delta
                  value={value}
                  base={base}
                  direction={direction}
                  unit={unit}
                  against={against}
                  partialSince={partialSince}
                />
              )}
              <span className="min-w-8 flex-1 truncate text-12 text-ink-3">{caption}</span>
            </>
          ) : (
            <span className="truncate text-12 text-bad" title={problem}>
              {problem}
            </span>
          )}
        </p>
      </div>
      <Sparkline
        points={spark}
        summary={`${name}, recent past`}
        className={cx('mt-auto w-full', size.tall ? 'h-40' : 'h-11')}
      />
    </Link>
  )
}

function BigValue({
  value,
  unit,
  approximate,
  tall,
}: {
  readonly value: number | null | undefined
  readonly unit: string | undefined
  readonly approximate: boolean
  readonly tall: boolean
}) {
  return (
    <p className={cx('big-figure truncate', tall ? 'pt-1 text-40' : 'text-28')} title={formatExact(value, unit)}>
      {approximate && value !== null && value !== undefined && (
        <abbr title="Approximate, from a sketch" className="no-underline">
          ≈{'\u202f'}
        </abbr>
      )}
      {formatNumber(value, { unit, compact: !tall })}
    </p>
  )
}
