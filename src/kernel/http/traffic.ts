/** Counts requests and how long they took, per operation and class of status: a Prometheus histogram. */
export interface Traffic {
  observe(operation: string, status: number, seconds: number): void
  /** Lines of Prometheus' text format. */
  lines(): Iterable<string>
}

const bounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]

interface Series {
  readonly labels: string
  readonly buckets: number[]
  count: number
  sum: number
}

export function traffic(): Traffic {
  const series = new Map<string, Series>()
  return {
    observe(operation, status, seconds) {
      const key = `${operation} ${Math.floor(status / 100)}`
      let entry = series.get(key)
      if (!entry) {
        entry = {
          labels: `operation="${operation}",status="${Math.floor(status / 100)}xx"`,
          buckets: bounds.map(() => 0),
          count: 0,
          sum: 0,
        }
        series.set(key, entry)
      }
      entry.count++
      entry.sum += seconds
      const bucket = bounds.findIndex((bound) => seconds <= bound)
      if (bucket >= 0) entry.buckets[bucket] = (entry.buckets[bucket] ?? 0) + 1
    },
    *lines() {
      yield '# HELP millrace_http_request_duration_seconds How long requests took, by operation.'
      yield '# TYPE millrace_http_request_duration_seconds histogram'
      for (const { labels, buckets, count, sum } of series.values()) {
        let below = 0
        for (const [index, bound] of bounds.entries()) {
          below += buckets[index] ?? 0
          yield `millrace_http_request_duration_seconds_bucket{${labels},le="${bound}"} ${below}`
        }
        yield `millrace_http_request_duration_seconds_bucket{${labels},le="+Inf"} ${count}`
        yield `millrace_http_request_duration_seconds_sum{${labels}} ${sum}`
        yield `millrace_http_request_duration_seconds_count{${labels}} ${count}`
      }
    },
  }
}
