import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '#ui/api-problem'
import { Button } from '#ui/Button'
import { Field, TextInput } from '#ui/Field'
import { insideApp } from '#ui/inside-app'
import { Failure } from '#ui/Nothing'
import { Snippet } from '#ui/Snippet'
import { useGo, useUrlState } from '#ui/url-state'
import { ask, sessionQuery } from './session.ts'
import { takeWantedPage } from './wanted-page.ts'
import { Mark } from './shell/Mark.tsx'

/** One-time link from the terminal, or a token. */
export function SignIn() {
  const [{ code, next }] = useUrlState()
  const [token, setToken] = useState('')
  const [busy, setBusy] = useState(code !== undefined)
  const [error, setError] = useState<unknown>()
  const queries = useQueryClient()
  const go = useGo()
  const spent = useRef(false)

  const enter = async (credential: { code: string } | { token: string }): Promise<void> => {
    setBusy(true)
    setError(undefined)
    try {
      await ask('POST /api/v1/session', { body: credential })
      await queries.fetchQuery({ ...sessionQuery, staleTime: 0 })
      const { path, search } = insideApp(next ?? takeWantedPage() ?? '/')
      go(path, search)
    } catch (failure) {
      setError(failure)
      setBusy(false)
    }
  }
  useEffect(() => {
    document.title = 'Sign in · Millrace'
    if (code === undefined || spent.current) return
    spent.current = true
    void enter({ code })
  }, [code])

  return (
    <main className="relative flex min-h-dvh flex-col items-center justify-center overflow-hidden bg-sunk p-4">
      <Race />
      <div className="relative flex w-full max-w-[400px] flex-col gap-6 rounded-xl bg-canvas p-8 shadow-float">
        <div className="flex items-center gap-3">
          <Mark size={28} />
          <h1 className="text-20 font-semibold tracking-[-0.015em]">Sign in to Millrace</h1>
        </div>
        {error !== undefined && <Failure error={asProblem(error)} compact />}
        {busy && error === undefined ? (
          <p role="status" className="text-13 text-ink-2">
            Signing you in
          </p>
        ) : (
          <>
            <div className="flex flex-col gap-2 text-13 text-ink-2">
              <p>The server prints a one-time link when it starts. For another one:</p>
              <Snippet label="Command for a sign-in link" code="bin/millrace login-link" />
            </div>
            <form
              className="flex flex-col gap-3 border-t border-line pt-5"
              onSubmit={(event) => {
                event.preventDefault()
                void enter({ token: token.trim() })
              }}
            >
              <Field label="Or paste a token" about="The admin token is in the file admin.token of the home folder.">
                {(props) => <TextInput {...props} type="password" value={token} onChange={setToken} mono />}
              </Field>
              <Button type="submit" tone="primary" disabled={token.trim() === ''}>
                Sign in
              </Button>
            </form>
          </>
        )}
      </div>
    </main>
  )
}

/** The race behind the door. */
function Race() {
  const lines = Array.from({ length: 9 }, (_, index) => index)
  return (
    <svg
      viewBox="0 0 1440 900"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
      className="absolute inset-0 size-full fill-none stroke-water"
      strokeWidth="1.5"
    >
      {lines.map((line) => (
        <path
          key={line}
          opacity={0.42 - line * 0.04}
          d={`M-20 ${250 + line * 14}H${430 - line * 26}C${640 - line * 26} ${250 + line * 14} ${700 - line * 20} ${560 + line * 14} ${960 - line * 20} ${560 + line * 14}H1460`}
        />
      ))}
    </svg>
  )
}
