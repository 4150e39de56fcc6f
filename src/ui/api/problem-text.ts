/** A problem as a sentence; what to write instead is added where the message does not name it yet. */
export function problemText({
  message,
  suggestion,
}: {
  readonly message: string
  readonly suggestion?: string | undefined
}): string {
  const text = message.replace(jsonTypeNeeded, 'This is needed.')
  return suggestion === undefined || suggestion === '' || text.includes(suggestion) ? text : `${text} (${suggestion})`
}

/** Which JSON type an empty field takes is for programs: a form has the right control for it. */
const jsonTypeNeeded = /^This is needed: an? \w+(, or "connection")?\.$/

/** A call of the API: its path, or a header that only programs send. */
const apiCall =
  /\b(GET|POST|PUT|PATCH|DELETE) \/|\/api\/v1\/|"Authorization: |Idempotency-Key|x-millrace-csrf|send it without "/

/** A remedy as a page shows it: advice to call the API is for programs, and here there are buttons. */
export function remedyText(remedy: string | undefined): string | undefined {
  const kept = remedy
    ?.split(/(?<=[.!?])\s+/)
    .map(withoutCalls)
    .filter(Boolean)
  return kept === undefined || kept.length === 0 ? undefined : kept.join(' ')
}

/** What happened, as the API tells it with the remedy behind it: the first sentence as it is, the others as `remedyText`. */
export function detailText(detail: string): string {
  const [happened = '', ...rest] = detail.split(/(?<=[.!?])\s+/)
  return [happened, remedyText(rest.join(' '))].filter(Boolean).join(' ')
}

/** The parts of a sentence that advise no call of the API, as a sentence. */
function withoutCalls(sentence: string): string {
  if (!apiCall.test(sentence)) return sentence
  const parts = sentence.split(/;\s+|,?\s+or (?=\w)/).filter((part) => !apiCall.test(part))
  const text = parts.join('; ')
  return text === '' ? '' : text.charAt(0).toUpperCase() + text.slice(1).replace(/[.!?]?$/, '.')
}
