/** A thread of the pool: imports the file of a task once and runs it for each input, one after the other. */
import { parentPort } from 'node:worker_threads'
import type { ThreadAnswer, ThreadQuestion } from './thread.ts'
import type { TaskModule } from './worker-task.ts'

parentPort?.on('message', (question: ThreadQuestion) => void answer(question))

async function answer({ module, input }: ThreadQuestion): Promise<void> {
  let said: ThreadAnswer
  try {
    const { run } = (await import(module)) as TaskModule
    said = { output: await run(input) }
  } catch (error) {
    said = { error: error instanceof Error ? error : new Error(String(error)) }
  }
  try {
    parentPort?.postMessage(said)
  } catch (error) {
    parentPort?.postMessage({ error } satisfies ThreadAnswer)
  }
}
