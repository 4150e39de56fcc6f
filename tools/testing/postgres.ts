import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from './free-port.ts'

export interface ThrowAway {
  readonly url: string
  stop(): Promise<void>
}

/** A PostgreSQL of its own on a free loopback port, in a temporary folder, gone when stopped. */
export async function startPostgres(): Promise<ThrowAway> {
  const bin = postgresPrograms() ?? installPostgres()
  const folder = mkdtempSync(join(tmpdir(), 'millrace-postgres-'))
  const owner = process.getuid?.() === 0 ? unprivileged() : undefined
  if (owner) chownSync(folder, owner.uid, owner.gid)
  const as = owner && { uid: owner.uid, gid: owner.gid }
  const data = join(folder, 'data')
  const password = randomBytes(12).toString('hex')
  const passwordFile = join(folder, 'password')
  writeFileSync(passwordFile, password)
  if (owner) chownSync(passwordFile, owner.uid, owner.gid)
  const options = [
    '-U',
    'postgres',
    '--auth=scram-sha-256',
    `--pwfile=${passwordFile}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ]
  execFileSync(join(bin, 'initdb'), ['-D', data, ...options], { stdio: 'ignore', cwd: folder, ...as })
  const port = await freePort()
  const settings = [
    `port=${port}`,
    'listen_addresses=127.0.0.1',
    `unix_socket_directories=${folder}`,
    'wal_level=logical',
    'max_connections=200',
  ]
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...settings.flatMap((setting) => ['-c', setting])], {
    stdio: 'ignore',
    cwd: folder,
    ...as,
  })
  const ended = new Promise<void>((resolve) => server.on('close', () => resolve()))
  const kill = (): void => void server.kill('SIGKILL')
  process.once('exit', kill)
  await answering(bin, port, () => server.exitCode)
  return {
    url: `postgresql://postgres:${password}@127.0.0.1:${port}/postgres`,
    async stop() {
      server.kill('SIGINT')
      await Promise.race([ended, sleep(10_000).then(kill)])
      process.off('exit', kill)
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function postgresPrograms(): string | undefined {
  const home = '/usr/lib/postgresql'
  const versions = existsSync(home) ? readdirSync(home).toSorted((a, b) => Number(b) - Number(a)) : []
  const places = [
    ...versions.map((version) => join(home, version, 'bin')),
    '/usr/local/bin',
    '/opt/homebrew/bin',
    '/usr/bin',
  ]
  return places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))
}

function installPostgres(): string {
  console.log('Installing PostgreSQL with apt-get')
  const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const sudo = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  const apt = (...args: string[]): void => {
    const [command = '', ...rest] = [...sudo, 'apt-get', '-qq', ...args]
    execFileSync(command, rest, { stdio: ['ignore', 'ignore', 'inherit'], env: environment })
  }
  apt('update')
  apt('install', '-y', '--no-install-recommends', 'postgresql')
  const bin = postgresPrograms()
  if (bin === undefined) throw new Error('PostgreSQL was installed, but its programs are not in /usr/lib/postgresql.')
  return bin
}

/** PostgreSQL refuses to run as root. */
function unprivileged(): { uid: number; gid: number } {
  const idOf = (flag: string, name: string): number => Number(execFileSync('id', [flag, name], { encoding: 'utf8' }))
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) }
    } catch {
      continue
    }
  }
  throw new Error('There is neither a user "postgres" nor "nobody" to run PostgreSQL as.')
}

async function answering(bin: string, port: number, exitCode: () => number | null): Promise<void> {
  for (let tries = 0; tries < 150; tries += 1) {
    if (exitCode() !== null) throw new Error(`PostgreSQL ended at its start with exit code ${exitCode()}.`)
    try {
      execFileSync(join(bin, 'pg_isready'), ['-h', '127.0.0.1', '-p', String(port), '-q'], { stdio: 'ignore' })
      return
    } catch {
      await sleep(100)
    }
  }
  throw new Error('PostgreSQL did not answer within 15 s.')
}
