/**
 * A task that runs in a thread of the pool: a file that exports `run`, which takes and returns what the structured
 * clone algorithm can copy. Of an error that `run` throws only name, message and stack come back, so problems
 * that people should see are returned as values.
 */

/** What a task file exports. */
export interface TaskModule<Input = any, Output = any> {
  // `any`: inputs and outputs differ; InputOf and OutputOf read them from the file
  run(input: Input): Output | Promise<Output>
}

export interface WorkerTask<M extends TaskModule> {
  /** For sentences and the log. */
  readonly name: string
  /** Of the task's file: `besideThisFile('digest-task', import.meta.url)`. */
  readonly file: URL
  /** Of the run, without the time in the queue. */
  readonly timeoutMs: number
  /** Never set: the type alone. */
  readonly $module?: M
}

export type InputOf<M extends TaskModule> = Parameters<M['run']>[0]
export type OutputOf<M extends TaskModule> = Awaited<ReturnType<M['run']>>

/** With `import type * as digest from './digest-task.ts'`, `workerTask<typeof digest>({ … })` takes and returns what `run` does. */
export function workerTask<M extends TaskModule>(task: WorkerTask<M>): WorkerTask<M> {
  return task
}
