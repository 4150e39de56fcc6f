import type { Clock } from '#ports/clock'
import { assertMail, type KeptMail, type Mail, type MailSummary } from '#ports/mail'
import type { Metadata } from '#ports/metadata'

export interface OutboxOptions {
  readonly metadata: Metadata
  readonly clock: Clock
}

/** Of a workspace. */
export const maxKeptMails = 1_000
export const maxKeptBytes = 32 * 1024 * 1024

const tables = `
create schema if not exists outbox;
create table if not exists outbox.mail (
  workspace text not null,
  id uuid not null,
  number bigint generated always as identity,
  recipients jsonb not null,
  subject text not null,
  text text not null,
  html text,
  bytes int not null,
  at timestamptz not null,
  primary key (workspace, id)
);
create index if not exists mail_newest on outbox.mail (workspace, number desc);
`

/** Keeps mails in metadata in place of sending them: the latest 1,000 of a workspace, and at most 32 MiB of them. */
export async function outboxMail({ metadata, clock }: OutboxOptions): Promise<Mail> {
  await metadata.script(tables)
  const sql = metadata.system
  return {
    async send(message) {
      assertMail(message)
      const { id, workspace, to, subject } = message
      const [text, html = null] = [storable(message.text), message.html && storable(message.html)]
      const bytes = Buffer.byteLength(text) + Buffer.byteLength(html ?? '')
      await sql.query(
        `insert into outbox.mail (workspace, id, recipients, subject, text, html, bytes, at)
         values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
        [workspace, id, JSON.stringify(to), storable(subject), text, html, bytes, new Date(clock.now())],
      )
      await sql.query(
        `delete from outbox.mail where workspace = $1 and number <= (
           select max(number) from (
             select number, row_number() over newest as mails, sum(bytes) over newest as bytes
             from outbox.mail where workspace = $1 window newest as (order by number desc)
           ) as kept where mails > ${maxKeptMails} or (mails > 1 and bytes > ${maxKeptBytes}))`,
        [workspace],
      )
    },
    check: async () => void (await sql.query('select 1 from outbox.mail limit 1')),
    outbox: {
      async list(workspace, { below, limit }) {
        const { rows } = await sql.query<MailSummary>(
          `select id, number, recipients as "to", subject, at from outbox.mail
           where workspace = $1 and ($2::bigint is null or number < $2) order by number desc limit $3`,
          [workspace, below ?? null, limit],
        )
        return rows
      },
      async get(workspace, id) {
        const { rows } = await sql.query<KeptMail>(
          `select id, number, recipients as "to", subject, text, html, at from outbox.mail
           where workspace = $1 and id = $2`,
          [workspace, id],
        )
        return rows[0]
      },
    },
    close: async () => undefined,
  }
}

/** PostgreSQL keeps no U+0000, and UTF-8 no lone surrogates. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\uFFFD')
}
