import { useMemo } from 'react'
import { sparkShape, type SparkPoint } from './sparkline-path.ts'

const [width, height] = [240, 44]
/** The dot at the end is 5 px wide and stays inside. */
const pad = 3

/** The water beneath a number: its recent past as a level, the open bucket dashed. */
export function Sparkline({
  points,
  summary,
  className,
}: {
  readonly points: readonly SparkPoint[]
  readonly summary: string
  readonly className?: string
}) {
  const shape = useMemo(() => sparkShape(points, width, height, pad), [points])
  return (
    <svg
      role="img"
      aria-label={summary}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className={`block overflow-visible px-3 ${className ?? ''}`}
    >
      <path d={shape.area} className="fill-water-soft" />
      <path d={shape.openArea} className="fill-water-mist" />
      <path
        d={shape.line}
        fill="none"
        className="stroke-water"
        strokeWidth="1.5"
        strokeLinecap="round"
        strokeLinejoin="round"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={shape.dashed}
        fill="none"
        className="stroke-water"
        strokeWidth="1.5"
        strokeDasharray="2.5 2.5"
        vectorEffect="non-scaling-stroke"
      />
      {shape.end !== undefined && (
        <path
          d={`M${shape.end.x} ${shape.end.y}h0`}
          className="stroke-water"
          strokeWidth="5"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      )}
    </svg>
  )
}
