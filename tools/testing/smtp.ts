import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { freePort } from './free-port.ts'

export interface SmtpServer {
  /** What its tests need. */
  readonly environment: Readonly<Record<string, string>>
  stop(): Promise<void>
}

/** Of PyPI; an implementation that shares nothing with the client under test. */
const library = 'aiosmtpd==1.4.6'

/** aiosmtpd on a free loopback port, with a certificate for "localhost" that the tests trust. Needs Python and openssl. */
export async function startSmtp(): Promise<SmtpServer> {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-smtp-'))
  const [packages, mails] = [join(folder, 'packages'), join(folder, 'mails')]
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')]
  mkdirSync(mails)
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'] as ['ignore', 'ignore', 'inherit'] }
  console.log(`Installing ${library} with pip`)
  execFileSync(
    'python3',
    ['-m', 'pip', 'install', '-q', '--disable-pip-version-check', '--target', packages, library],
    quiet,
  )
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost']
  const pair = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', key, '-out', certificate]
  execFileSync('openssl', ['req', '-x509', '-days', '2', ...pair, ...subject], { stdio: 'ignore' })
  const port = await freePort()
  const password = `${randomBytes(12).toString('hex')}/@`
  const script = join(import.meta.dirname, 'smtp-server.py')
  const server = spawn('python3', [script, String(port), certificate, key, 'millrace', password, mails], {
    env: { ...process.env, PYTHONPATH: packages, PYTHONWARNINGS: 'ignore' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()))
  const kill = (): void => void server.kill('SIGKILL')
  process.once('exit', kill)
  const ready = await createInterface({ input: server.stdout })[Symbol.asyncIterator]().next()
  if (ready.value !== 'ready') throw new Error(`The SMTP server ended at its start with exit code ${server.exitCode}.`)
  return {
    environment: {
      MILLRACE_TEST_SMTP_URL: `smtp://millrace:${encodeURIComponent(password)}@localhost:${port}`,
      MILLRACE_TEST_SMTP_FOLDER: mails,
      NODE_EXTRA_CA_CERTS: certificate,
    },
    async stop() {
      kill()
      await ended
      process.off('exit', kill)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
