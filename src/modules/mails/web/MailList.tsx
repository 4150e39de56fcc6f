import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '#ui/Button'
import { Empty, Failure } from '#ui/Nothing'
import { Page, PageHead } from '#ui/Page'
import { useMay } from '#ui/permissions'
import { Table } from '#ui/Table'
import { Ago } from '#ui/Time'
import { useUrlState } from '#ui/url-state'
import { mailsQuery, type MailItem } from './mail-api.ts'
import { MailDialog } from './MailDialog.tsx'
import { TestMailDialog } from './TestMailDialog.tsx'

/** The outbox: mails that were kept because no mail server is set. */
export function MailList() {
  const [url, changeUrl] = useUrlState()
  const [testing, setTesting] = useState(false)
  const mails = useInfiniteQuery({ ...mailsQuery(), refetchOnWindowFocus: 'always' })
  const rows = mails.data?.pages.flatMap(({ items }) => items)
  const sends = mails.data?.pages[0]?.sends === true
  const mayTest = useMay('mails.test')
  return (
    <Page>
      <PageHead
        title="Mails"
        about={
          sends
            ? 'Mails are sent through the mail server and not kept here.'
            : 'No mail server is set, so mails are kept here and not sent. MILLRACE_SMTP_URL names a mail server.'
        }
        actions={
          <>
            <Button busy={mails.isRefetching && !mails.isFetchingNextPage} onClick={() => void mails.refetch()}>
              Read again
            </Button>
            {mayTest && <Button onClick={() => setTesting(true)}>Send test mail</Button>}
          </>
        }
      />
      {mails.isError && mails.data === undefined ? (
        <Failure error={mails.error} retry={() => void mails.refetch()} />
      ) : (
        <Table
          label="Mails"
          tools={false}
          rows={rows}
          rowKey={({ id }) => id}
          onOpen={({ id }) => changeUrl({ mail: id }, { keep: true })}
          columns={columns}
          empty={
            <Empty title={sends ? 'No mails are kept' : 'No mails yet'}>
              <p>
                {sends
                  ? 'The page Jobs lists the mails that were sent, and says why one was not.'
                  : 'When Millrace has a mail for somebody, it is shown here with its text. Send a test mail to see one.'}
              </p>
            </Empty>
          }
        />
      )}
      {mails.hasNextPage && (
        <Button className="mt-4" busy={mails.isFetchingNextPage} onClick={() => void mails.fetchNextPage()}>
          Show older mails
        </Button>
      )}
      {url['mail'] !== undefined && <MailDialog id={url['mail']} onClose={() => changeUrl({ mail: undefined })} />}
      {testing && <TestMailDialog onClose={() => setTesting(false)} />}
    </Page>
  )
}

const columns = [
  { id: 'subject', title: 'Subject', grow: 3, sortable: false, value: (row: MailItem) => row.subject },
  { id: 'to', title: 'To', grow: 2, sortable: false, value: (row: MailItem) => row.to.join(', ') },
  {
    id: 'at',
    title: 'When',
    align: 'right' as const,
    sortable: false,
    value: (row: MailItem) => row.at,
    cell: (row: MailItem) => <Ago at={row.at} className="text-ink-2" />,
  },
]
