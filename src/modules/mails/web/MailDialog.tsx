import { useQuery } from '@tanstack/react-query'
import { Dialog } from '#ui/Dialog'
import { Fact, Facts } from '#ui/Facts'
import { Failure, Skeleton } from '#ui/Nothing'
import { formatExactTime } from '#ui/time'
import { mailQuery } from './mail-api.ts'

export function MailDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const { data: mail, isError, error } = useQuery(mailQuery(id))
  return (
    <Dialog open wide onClose={onClose} title={mail?.subject ?? 'Mail'}>
      {isError && mail === undefined ? (
        <Failure error={error} compact />
      ) : mail === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <>
          <Facts>
            <Fact name="To">{mail.to.join(', ')}</Fact>
            <Fact name="When">{formatExactTime(Date.parse(mail.at))}</Fact>
          </Facts>
          <pre
            tabIndex={0}
            aria-label="Text"
            className="max-h-60 overflow-auto rounded-md bg-sunk p-3 text-12 leading-5 whitespace-pre-wrap text-ink-2"
          >
            {mail.text}
          </pre>
          {mail.html !== null && <HtmlFrame html={mail.html} />}
        </>
      )}
    </Dialog>
  )
}

/** The HTML of a mail is hostile: no scripts, no forms, no origin. The policy of the page loads nothing from outside. */
function HtmlFrame({ html }: { readonly html: string }) {
  return (
    <iframe
      title="HTML of the mail"
      sandbox=""
      referrerPolicy="no-referrer"
      srcDoc={html}
      className="h-80 w-full shrink-0 rounded-md border border-line"
    />
  )
}
