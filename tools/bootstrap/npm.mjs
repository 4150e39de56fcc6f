import { spawn } from 'node:child_process'

/** npm as the one that started us, or the one on the path. */
const own = process.env['npm_execpath']
const [command, before] = own && /\.c?js$/.test(own) ? [process.execPath, [own]] : ['npm', []]

/** Runs npm, telling every few seconds that it still works. */
export async function npm(args, { cwd, doing }) {
  const began = Date.now()
  const ticker = setInterval(
    () => process.stderr.write(`  ${doing}, ${Math.round((Date.now() - began) / 1000)} s\n`),
    5000,
  )
  try {
    await new Promise((resolve, reject) => {
      const child = spawn(command, [...before, ...args], {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_ENV: '' },
      })
      let said = ''
      const keep = (chunk) => {
        if (said.length < 20_000) said += chunk
      }
      child.stdout.on('data', keep)
      child.stderr.on('data', keep)
      child.on('error', (error) =>
        reject(new Error(`npm could not be started: ${error.message}. Install npm 10 or later.`)),
      )
      child.on('close', (code) =>
        code === 0
          ? resolve()
          : reject(
              new Error(`"npm ${args.join(' ')}" failed with exit code ${code}:
${complaints(said)}`),
            ),
      )
    })
  } finally {
    clearInterval(ticker)
  }
}

/** What npm says beside its warnings, its help and where in npm it happened. */
function complaints(said) {
  const lines = said.split('\n').filter((line) => line !== '' && !/^npm (warn|error( {2}| }|$))/.test(line))
  return lines.slice(0, 15).join('\n')
}
