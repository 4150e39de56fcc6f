/** Asks the engine what a person asked, within bounds. */
import type { Readable } from 'node:stream'
import type { Reader } from '#modules/datasets'
import type { QueryLimits, QueryOptions, Warehouse } from '#ports/warehouse'
import { readAnswer, type AnswerRows } from './answer.ts'
import { downloadLimits, questionLimits, questionSettings } from './bounds.ts'
import type { Answer, Question } from './contract.ts'
import { engineReason } from './engine-reasons.ts'
import type { Guard, Guarded } from './guard.ts'
import type { KeptAnswers } from './kept-answers.ts'
import type { Turns } from './turns.ts'

export interface Asking {
  answer(reader: Reader, question: Question, signal: AbortSignal): Promise<Answer>
  /** The whole result, in one of the engine's formats. */
  download(reader: Reader, question: Question, format: string, signal: AbortSignal): Promise<Readable>
}

export interface AskingParts {
  readonly warehouse: Warehouse
  readonly guard: Guard
  readonly kept: KeptAnswers<AnswerRows>
  readonly turns: Turns
  readonly limits?: QueryLimits & { readonly seconds: number }
}

export function asking({ warehouse, guard, kept, turns, limits = questionLimits }: AskingParts): Asking {
  async function run(guarded: Guarded, format: string, options: QueryOptions): Promise<Readable> {
    const seconds = options.limits?.seconds ?? limits.seconds
    const columns = new Set(guarded.datasets.flatMap((dataset) => dataset.columns.map((column) => column.name)))
    return warehouse
      .stream(guarded.sql, format, { ...options, database: guarded.database, lane: 'query' })
      .catch((error: unknown) => Promise.reject(engineReason(error, { seconds, columns, ownNames: guarded.ownNames })))
  }

  return {
    async answer(reader, question, signal) {
      const { workspace } = reader
      const began = performance.now()
      const guarded = await guard.admit(reader, question.sql, question.parameters, signal)
      const asked = {
        workspace,
        key: JSON.stringify([
          reader.digest,
          guarded.sql,
          question.parameters,
          question.limit,
          guarded.datasets.map(({ createdAt, version }) => [createdAt, version]),
        ]),
        reads: guarded.datasets.map((dataset) => dataset.name),
        lasting: guarded.lasting,
      }
      const { answer, cached } = await kept.get(
        asked,
        (stop) => turns.take(workspace, stop, () => work(guarded, question, stop)),
        signal,
      )
      return {
        columns: [...answer.columns],
        rows: answer.rows.map((row) => [...row]),
        rowCount: answer.rows.length,
        truncated: answer.truncated,
        elapsedMs: Math.round((performance.now() - began) * 10) / 10,
        cached,
      }
    },
    async download(reader, question, format, signal) {
      const guarded = await guard.admit(reader, question.sql, question.parameters, signal)
      const leave = await turns.enter(reader.workspace, signal)
      try {
        const stream = await run(guarded, format, {
          parameters: question.parameters,
          settings: { ...questionSettings, ...guarded.settings },
          limits: downloadLimits,
          signal,
        })
        stream.once('close', leave)
        return stream
      } catch (error) {
        leave()
        throw error
      }
    },
  }

  async function work(guarded: Guarded, question: Question, signal: AbortSignal): Promise<AnswerRows> {
    const settings = { ...questionSettings, ...guarded.settings, firstRows: question.limit + 1 }
    const stream = await run(guarded, 'JSONCompactEachRowWithNamesAndTypes', {
      parameters: question.parameters,
      settings,
      limits,
      signal,
    })
    return readAnswer(stream, question.limit).catch((error: unknown) => {
      throw engineReason(error, { seconds: limits.seconds, columns: new Set(), ownNames: guarded.ownNames })
    })
  }
}
