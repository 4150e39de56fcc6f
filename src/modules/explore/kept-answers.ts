/**
 * Answers that were given a moment ago, and those that are being worked out: the same question is
 * asked of the engine once. An answer is dropped when a dataset it read has changed, and after a few
 * seconds in any case, since another server may have changed one.
 */
export interface KeptAnswers<A> {
  get(
    question: KeptQuestion,
    work: (signal: AbortSignal) => Promise<A & { readonly bytes: number }>,
    signal: AbortSignal,
  ): Promise<{ answer: A; cached: boolean }>
  changed(workspace: string, dataset: string): void
}

export interface KeptQuestion {
  readonly workspace: string
  readonly key: string
  readonly reads: readonly string[]
  readonly lasting: boolean
}

const maxBytes = 64 * 2 ** 20
const maxCount = 500
const keptForMs = 10_000

interface Running<A> {
  readonly answer: Promise<A & { readonly bytes: number }>
  readonly stop: AbortController
  waiting: number
}

export function keptAnswers<A>(now: () => number): KeptAnswers<A> {
  const kept = new Map<string, { answer: A & { readonly bytes: number }; version: string; until: number }>()
  const running = new Map<string, Running<A>>()
  const versions = new Map<string, number>()
  let bytes = 0

  function versionOf({ workspace, reads }: KeptQuestion): string {
    return reads.map((name) => versions.get(`${workspace}/${name}`) ?? 0).join(',')
  }

  function drop(key: string): void {
    bytes -= kept.get(key)?.answer.bytes ?? 0
    kept.delete(key)
  }

  function keep(key: string, answer: A & { readonly bytes: number }, version: string): void {
    if (answer.bytes > maxBytes / 8) return
    drop(key)
    kept.set(key, { answer, version, until: now() + keptForMs })
    bytes += answer.bytes
    for (const oldest of kept.keys()) {
      if (bytes <= maxBytes && kept.size <= maxCount) break
      drop(oldest)
    }
  }

  return {
    async get(question, work, signal) {
      const version = versionOf(question)
      const key = `${question.workspace}\n${version}\n${question.key}`
      const found = kept.get(key)
      if (found !== undefined && found.until > now()) return { answer: found.answer, cached: true }
      drop(key)
      let run = running.get(key)
      if (run === undefined) {
        const stop = new AbortController()
        const made: Running<A> = { answer: work(stop.signal), stop, waiting: 0 }
        run = made
        running.set(key, made)
        made.answer
          .then(
            (answer) => {
              if (question.lasting && versionOf(question) === version) keep(key, answer, version)
            },
            () => undefined,
          )
          .finally(() => {
            if (running.get(key) === made) running.delete(key)
          })
      }
      return { answer: await shared(run, signal, () => running.get(key) === run && running.delete(key)), cached: false }
    },
    changed(workspace, dataset) {
      const name = `${workspace}/${dataset}`
      versions.set(name, (versions.get(name) ?? 0) + 1)
    },
  }
}

/** One caller's wait: who goes away leaves the others waiting; the last one stops the work. */
async function shared<A>(run: Running<A>, signal: AbortSignal, forget: () => void): Promise<A> {
  run.waiting += 1
  let leave: (() => void) | undefined
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave, { once: true })
    if (signal.aborted) leave()
  })
  try {
    return await Promise.race([run.answer, left])
  } finally {
    if (leave) signal.removeEventListener('abort', leave)
    run.waiting -= 1
    if (run.waiting === 0 && signal.aborted) {
      forget()
      run.stop.abort()
    }
  }
}
