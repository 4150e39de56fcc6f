/** A problem as a sentence; what to write instead is added where the message does not name it yet. */
export function problemText({
  message,
  suggestion,
}: {
  readonly message: string
  readonly suggestion?: string | undefined
}): string {
  return suggestion === undefined || suggestion === '' || message.includes(suggestion)
    ? message
    : `${message} (${suggestion})`
}
