/** For tests: an SMTP server that keeps what it is given. */
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { createInterface } from 'node:readline'

export interface ReceivedMail {
  readonly from: string
  readonly to: readonly string[]
  readonly message: string
  readonly credentials: string | undefined
}

export interface SmtpServerFixture {
  readonly port: number
  readonly received: readonly ReceivedMail[]
  close(): Promise<void>
}

/** `answers` replaces the answer to a command, by its first word or `RCPT <address>`; `DATA.` is the end of a message. */
export async function smtpServer(answers: Readonly<Record<string, string>> = {}): Promise<SmtpServerFixture> {
  const received: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined)
    void converse(socket, answers, received)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    received,
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function converse(
  socket: Socket,
  answers: Readonly<Record<string, string>>,
  received: ReceivedMail[],
): Promise<void> {
  const say = (word: string, usual: string) => void socket.write(`${answers[word] ?? usual}\r\n`)
  let [from, to, lines]: [string, string[], string[] | undefined] = ['', [], undefined]
  let credentials: string | undefined
  say('GREETING', '220 fixture ESMTP')
  for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (lines !== undefined) {
      if (line !== '.') lines.push(line.replace(/^\./, ''))
      else {
        if (answers['DATA.'] === undefined) received.push({ from, to, message: lines.join('\n'), credentials })
        lines = undefined
        say('DATA.', '250 Kept')
      }
      continue
    }
    const word = line.split(' ', 1)[0]!.toUpperCase()
    if (word === 'EHLO') say(word, '250-fixture\r\n250-AUTH PLAIN\r\n250 8BITMIME')
    else if (word === 'AUTH') {
      credentials = Buffer.from(line.split(' ')[2] ?? '', 'base64').toString()
      say(word, '235 Welcome')
    } else if (word === 'MAIL') {
      ;[from, to] = [/<(.*?)>/.exec(line)?.[1] ?? '', []]
      say(word, '250 Sender')
    } else if (word === 'RCPT') {
      const address = /<(.*?)>/.exec(line)?.[1] ?? ''
      const refusal = answers[`RCPT ${address}`]
      if (refusal === undefined) to.push(address)
      say(word, refusal ?? '250 Recipient')
    } else if (word === 'DATA') {
      lines = []
      say(word, '354 Go on')
    } else if (word === 'QUIT') {
      socket.end('221 Bye\r\n')
    } else say(word, '502 Unknown command')
  }
}
