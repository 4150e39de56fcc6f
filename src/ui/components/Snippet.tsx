import { Check, Copy } from 'lucide-react'
import { useState } from 'react'
import { cx } from '../class-names.ts'
import { Button } from './Button.tsx'

/** A line for a terminal or a file, with a button that copies it. */
export function Snippet({
  code,
  label,
  wrap = false,
}: {
  readonly code: string
  readonly label: string
  /** Long lines go on below instead of out of sight. */
  readonly wrap?: boolean
}) {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(code)
    setCopied(true)
    setTimeout(() => setCopied(false), 1500)
  }
  return (
    <div className="relative max-w-full min-w-0">
      <pre
        tabIndex={0}
        aria-label={label}
        className={cx(
          'overflow-x-auto rounded-md bg-sunk py-2.5 pr-12 pl-3.5 text-12 leading-5 text-ink-2',
          wrap && 'wrap-anywhere whitespace-pre-wrap',
        )}
      >
        <code>{code}</code>
      </pre>
      <Button
        tone="quiet"
        className="absolute top-1 right-1"
        label={copied ? 'Copied' : 'Copy'}
        icon={copied ? <Check size={14} className="text-good" /> : <Copy size={14} />}
        onClick={() => void copy()}
      />
    </div>
  )
}
