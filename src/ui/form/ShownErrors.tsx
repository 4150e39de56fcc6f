import { createContext, useContext, useLayoutEffect, useState, useSyncExternalStore, type ReactNode } from 'react'
import { problemText } from '../api/problem-text.ts'
import { cx } from '../class-names.ts'
import type { FieldProblem } from './json-schema.ts'

interface ErrorTexts {
  add(text: string): () => void
  subscribe(listener: () => void): () => void
  /** All texts that fields show now, in one. */
  current(): string
}

const Texts = createContext<ErrorTexts | undefined>(undefined)

/** A form in which a summary of problems leaves out what a field already says. */
export function ShownErrors({ children }: { readonly children: ReactNode }) {
  const [texts] = useState(errorTexts)
  return <Texts value={texts}>{children}</Texts>
}

/** What is wrong at a field, at the field. */
export function FieldError({
  text,
  id,
  className,
}: {
  readonly text: string | undefined
  readonly id?: string
  readonly className?: string
}) {
  const texts = useContext(Texts)
  useLayoutEffect(() => (text === undefined ? undefined : texts?.add(text)), [texts, text])
  if (text === undefined) return null
  return (
    <p id={id} className={cx('text-12 wrap-anywhere text-bad', className)}>
      {text}
    </p>
  )
}

/** The problems that no field of the form shows. */
export function useUnshownProblems<P extends FieldProblem>(problems: readonly P[]): readonly P[] {
  const texts = useContext(Texts)
  const shown = useSyncExternalStore(texts?.subscribe ?? subscribeToNothing, texts?.current ?? nothing)
  return shown === '' ? problems : problems.filter((problem) => !shown.includes(problemText(problem)))
}

const nothing = (): string => ''
const subscribeToNothing = () => () => {}

function errorTexts(): ErrorTexts {
  const added = new Map<symbol, string>()
  const listeners = new Set<() => void>()
  let all = ''
  const changed = (): void => {
    all = [...added.values()].join('\n')
    for (const listener of listeners) listener()
  }
  return {
    add(text) {
      const key = Symbol(text)
      added.set(key, text)
      changed()
      return () => {
        added.delete(key)
        changed()
      }
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    current: () => all,
  }
}
