import type { Ports } from './module.ts'

export interface Part {
  readonly name: string
  readonly ok: boolean
  readonly detail?: string
}

export interface Readiness {
  readonly ready: boolean
  readonly parts: readonly Part[]
}

const PATIENCE_MS = 3_000

/** Asks one part; silence and failure are answers too. */
export async function ask(name: string, question: () => Promise<{ ok: boolean; detail?: string }>): Promise<Part> {
  let timer: NodeJS.Timeout | undefined
  const patience = new Promise<{ ok: boolean; detail: string }>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `No answer in ${PATIENCE_MS / 1000} seconds.` }), PATIENCE_MS)
  })
  try {
    return { name, ...(await Promise.race([question(), patience])) }
  } catch (error) {
    return { name, ok: false, detail: error instanceof Error ? error.message : String(error) }
  } finally {
    clearTimeout(timer)
  }
}

export function askPorts(ports: Ports): Promise<Part>[] {
  return [
    ask('metadata', async () => {
      await ports.metadata.system.query('select 1')
      return { ok: true }
    }),
    ask('warehouse', async () => {
      await ports.warehouse.ping(PATIENCE_MS)
      return { ok: true }
    }),
  ]
}
