/** The names of the source systems and what serves them in this server. Each is probed anew, never assumed. */
import type { Clock } from '#ports/clock'

export interface Integration {
  readonly name: string
  readonly kind: 'built-in' | 'external'
  readonly url?: string
  readonly healthy: boolean
  readonly checkedAt: string
  /** How long the probe took; null where there is nothing to probe. */
  readonly latencyMs: number | null
  readonly detail: string
}

/** Without a module and its probe nothing serves the name yet. */
export interface IntegrationProbe {
  readonly name: string
  readonly module?: string
  /** Of the outside server that the module uses for it, without credentials. */
  readonly url?: string | undefined
  /** A small read that needs the stores; rejects when the module cannot do its work. */
  readonly probe?: (workspace: string) => Promise<unknown>
}

export const probeTimeoutMs = 2_000

export async function probeIntegrations(
  probes: readonly IntegrationProbe[],
  workspace: string,
  clock: Pick<Clock, 'now' | 'sleep'>,
): Promise<Integration[]> {
  return await Promise.all(
    probes.map(async ({ name, module, url, probe }): Promise<Integration> => {
      const checkedAt = new Date(clock.now()).toISOString()
      const result =
        url === undefined
          ? { name, kind: 'built-in' as const, checkedAt }
          : { name, kind: 'external' as const, url, checkedAt }
      if (probe === undefined)
        return { ...result, healthy: false, latencyMs: null, detail: 'This version has nothing that does its job.' }
      const started = performance.now()
      const outcome = await withinTimeout(() => probe(workspace), clock)
      const detail = {
        answered: `Served by the module "${module}".`,
        failed: `The module "${module}" does not answer.`,
        'timed out': `The module "${module}" did not answer within ${probeTimeoutMs / 1000} s.`,
      }[outcome]
      const latencyMs = Math.round((performance.now() - started) * 10) / 10
      return { ...result, healthy: outcome === 'answered', latencyMs, detail }
    }),
  )
}

async function withinTimeout(
  probe: () => Promise<unknown>,
  clock: Pick<Clock, 'sleep'>,
): Promise<'answered' | 'failed' | 'timed out'> {
  const ended = new AbortController()
  const answer = (async () => await probe())().then(
    () => 'answered' as const,
    () => 'failed' as const,
  )
  const timeout = clock.sleep(probeTimeoutMs, ended.signal).then(
    () => 'timed out' as const,
    () => 'timed out' as const,
  )
  try {
    return await Promise.race([answer, timeout])
  } finally {
    ended.abort()
  }
}
