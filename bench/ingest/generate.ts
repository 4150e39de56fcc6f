import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Generated {
  readonly accepted: number
  readonly refused: number
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly cores: number
}

const program = fileURLToPath(new URL('./generator.ts', import.meta.url))

export function generate(settings: object): Promise<Generated> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, JSON.stringify(settings)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (part: string) => (printed += part))
    child.on('error', reject)
    child.on('close', (code) =>
      code === 0 ? resolve(JSON.parse(printed) as Generated) : reject(new Error(`The generator ended with ${code}.`)),
    )
  })
}
