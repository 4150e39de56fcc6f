import type { EngineConfig } from './engine-process.ts'

/** Nothing of our environment reaches the engine but what a process needs: its readers would take up cloud credentials from there. */
export function engineEnvironment({ lanes, stuck }: Pick<EngineConfig, 'lanes' | 'stuck'>): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH']
  const env = Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
  const places = Object.values(lanes).reduce((sum, count) => sum + count, 0)
  // Each query under way holds one of these threads; the rest serve the control calls and files.
  return { ...env, UV_THREADPOOL_SIZE: String(places + stuck.maxStuck + 8), TZ: 'UTC' }
}
