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

/** A call of the API, with its path or a header of it. */
const apiCall = /\b(GET|POST|PUT|PATCH|DELETE) \/|\/api\/v1\/|"Authorization: /

/** A remedy as a page shows it: advice to call the API is for programs, and here there are buttons. */
export function remedyText(remedy: string | undefined): string | undefined {
  const kept = remedy?.split(/(?<=[.!?])\s+/).filter((sentence) => !apiCall.test(sentence))
  return kept === undefined || kept.length === 0 ? undefined : kept.join(' ')
}
