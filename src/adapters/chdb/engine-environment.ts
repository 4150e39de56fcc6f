import { childEnvironment } from '#kernel/child-environment'
import type { EngineConfig } from './engine-process.ts'

/** The engine's readers would take up cloud credentials from our environment, so it gets a minimal one. */
export function engineEnvironment({ lanes, stuck }: Pick<EngineConfig, 'lanes' | 'stuck'>): NodeJS.ProcessEnv {
  const places = Object.values(lanes).reduce((sum, count) => sum + count, 0)
  // Each query under way holds one of these threads; the rest serve the control calls and files.
  return { ...childEnvironment(), UV_THREADPOOL_SIZE: String(places + stuck.maxStuck + 8), TZ: 'UTC' }
}
