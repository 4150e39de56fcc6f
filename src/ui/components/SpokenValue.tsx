import { useEffect, useRef, useState } from 'react'

const apart = 10_000

/** Tells a screen reader a live value, not more often than one can listen to. */
export function SpokenValue({ text }: { readonly text: string }) {
  const [spoken, setSpoken] = useState('')
  const latest = useRef(text)
  useEffect(() => {
    latest.current = text
  })
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), apart)
    return () => clearInterval(timer)
  }, [])
  return (
    <span aria-live="polite" className="sr-only">
      {spoken}
    </span>
  )
}
