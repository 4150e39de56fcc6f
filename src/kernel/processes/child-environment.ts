/**
 * What a child process gets of this environment: only what every process needs, so that no secret and no cloud
 * credential reaches it. `NODE_COMPILE_CACHE` spares it the compiler for TypeScript, which stays in memory once used.
 */
export function childEnvironment(): NodeJS.ProcessEnv {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'NODE_COMPILE_CACHE']
  return Object.fromEntries(
    kept.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  )
}
