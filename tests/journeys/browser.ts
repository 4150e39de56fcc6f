import assert from 'node:assert/strict'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type Page } from 'playwright-core'
import { startServer, type ServerProcess } from '../server-process.ts'
import { freePort } from '../../tools/testing/free-port.ts'

const root = join(import.meta.dirname, '..', '..')
const shots = join(root, 'tests', 'shots')
const axeSource = readFileSync(join(root, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8')
const programs = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]

export interface Stage {
  readonly server: ServerProcess
  readonly browser: Browser
  readonly home: string
  /** A page of a browser of its own, signed in through a fresh link. */
  signedIn(size?: { width: number; height: number }, theme?: 'light' | 'dark'): Promise<Page>
  /** What pages complained about so far; a journey ends with none. */
  complaints(): readonly string[]
  close(): Promise<void>
}

export async function openStage(environment: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const executablePath = process.env['CHROMIUM'] ?? programs.find((program) => existsSync(program))
  if (executablePath === undefined)
    throw new Error('There is no Chromium here. Install it (apt-get install chromium), or name it in CHROMIUM.')
  const home = mkdtempSync(join(tmpdir(), 'millrace-journey-'))
  const server = startServer({ home, port: await freePort(), environment })
  await server.ready()
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
  const heard: string[] = []
  let link = /Sign in\s+(\S+)/.exec(server.said())?.[1]
  let state: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>> | undefined
  return {
    server,
    browser,
    home,
    async signedIn(size = { width: 1440, height: 900 }, theme = 'light') {
      const context = await browser.newContext({
        viewport: size,
        colorScheme: theme,
        reducedMotion: 'reduce',
        ...(state && { storageState: state }),
      })
      const page = await context.newPage()
      page.setDefaultTimeout(15_000)
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          heard.push(`${message.type()}: ${message.text()} (${page.url()})`)
      })
      page.on('pageerror', (error) => heard.push(`${error.message} (${page.url()})`))
      if (link === undefined) await page.goto(`${server.url}/app/`)
      else {
        await page.goto(link)
        link = undefined
        await page.waitForURL((url) => !url.pathname.includes('sign-in'))
        state = await context.storageState()
      }
      return page
    },
    complaints: () => heard,
    async close() {
      await browser.close()
      await server.stop()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

export async function shot(page: Page, name: string): Promise<void> {
  mkdirSync(shots, { recursive: true })
  await page.screenshot({ path: join(shots, `${name}.png`) })
}

/** Nothing serious for people with disabilities, as far as a program can tell. */
export async function assertAccessible(page: Page, what: string): Promise<void> {
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run(): Promise<{ violations: { id: string; impact: string; help: string; nodes: { html: string }[] }[] }> }
    }
    return (await axe.run()).violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(
        ({ id, help, nodes }) =>
          `${id}: ${help} ${nodes
            .slice(0, 3)
            .map(({ html }) => html.slice(0, 160))
            .join(' … ')}`,
      )
  })
  assert.deepEqual(found, [], what)
}

export async function assertNotWider(page: Page): Promise<void> {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  assert.ok(wider <= 0, `the page is ${wider} px wider than the window`)
}
