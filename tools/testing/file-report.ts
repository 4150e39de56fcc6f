import type { TestEvent } from 'node:test/reporters'

export interface Counts {
  passed: number
  failed: number
  /** What was skipped, with its reason. */
  skipped: string[]
}

export function nothing(): Counts {
  return { passed: 0, failed: 0, skipped: [] }
}

export function together(one: Counts, other: Counts): Counts {
  return {
    passed: one.passed + other.passed,
    failed: one.failed + other.failed,
    skipped: [...one.skipped, ...other.skipped],
  }
}

/** Prints each test file when it ends and each failure at once, also of files that share a process. */
export class FileReport {
  readonly counts = nothing()
  readonly #root: string
  readonly #groups: ReadonlyMap<string, readonly string[]>
  readonly #unreported: Set<string>
  /** Of the file that runs now: the runner reports one process after another, and a process its files in order. */
  #inFile = { tests: 0, passed: 0, failed: 0 }

  /** `groups`: the files behind each entry that the runner starts for several; each is a suite named for its file. */
  constructor(root: string, groups: ReadonlyMap<string, readonly string[]>) {
    this.#root = root
    this.#groups = groups
    this.#unreported = new Set([...groups.values()].flat())
  }

  add({ type, data }: TestEvent): void {
    if (type === 'test:pass') this.#pass(data)
    else if (type === 'test:fail') this.#fail(data)
    else if (type === 'test:summary' && data.file !== undefined) {
      const { success, file, duration_ms: ms } = data
      if (!success && this.#inFile.failed === 0 && !this.#groups.has(file)) this.counts.failed += 1
      if (!this.#groups.has(file)) this.#show(success, this.#short(file), ms)
      this.#inFile = { tests: 0, passed: 0, failed: 0 }
    }
  }

  /** What never reported, since the process of its group ended before, has failed. */
  end(): Counts {
    for (const file of this.#unreported)
      console.log(`FAILED  ${file}  not reported: the process of its group ended early`)
    this.counts.failed += this.#unreported.size
    return this.counts
  }

  #pass(data: Extract<TestEvent, { type: 'test:pass' }>['data']): void {
    if (isSuite(data)) return this.#endOfFile(data, true)
    this.#inFile.tests += 1
    if (data.skip === undefined || data.skip === false) {
      this.#inFile.passed += 1
      this.counts.passed += 1
    } else this.counts.skipped.push(`${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`)
  }

  #fail(data: Extract<TestEvent, { type: 'test:fail' }>['data']): void {
    const { error } = data.details
    if (!isSuite(data)) this.#inFile.tests += 1
    // A suite also fails by itself: in its hooks, or when its body throws.
    if (!('failureType' in error && error.failureType === 'subtestsFailed')) {
      this.#inFile.failed += 1
      this.counts.failed += 1
      const place = this.#isFile(data) ? '' : `${this.#short(data.file)}:${data.line ?? ''}  `
      console.log(`\nFAILED  ${place}${data.name}\n${explain(error)}\n`)
    }
    if (isSuite(data)) this.#endOfFile(data, false)
  }

  #endOfFile(suite: Extract<TestEvent, { type: 'test:pass' | 'test:fail' }>['data'], ok: boolean): void {
    if (!this.#isFile(suite)) return
    this.#unreported.delete(suite.name)
    this.#show(ok, suite.name, suite.details.duration_ms)
    this.#inFile = { tests: 0, passed: 0, failed: 0 }
  }

  #isFile(suite: { readonly nesting: number; readonly file?: string | undefined }): boolean {
    return suite.nesting === 0 && this.#groups.has(suite.file ?? '')
  }

  #show(ok: boolean, file: string, ms: number): void {
    const { tests, passed } = this.#inFile
    console.log(`${ok ? 'ok    ' : 'FAILED'}  ${file}  ${passed} of ${tests}, ${(ms / 1000).toFixed(1)} s`)
  }

  #short(file: string | undefined): string {
    return (file ?? '').replace(`${this.#root}/`, '')
  }
}

function isSuite(data: { readonly details: { readonly type?: string | undefined } }): boolean {
  return data.details.type === 'suite'
}

function explain(error: Error & { cause?: unknown }): string {
  const cause = error.cause instanceof Error ? error.cause : error
  return (cause.stack ?? String(error.cause ?? error.message))
    .split('\n')
    .slice(0, 25)
    .map((line) => `    ${line}`)
    .join('\n')
}
