/** Run by the supervisor's test as a parent of its own: starts an engine, tells its process id, and waits to be killed. */
import { startEngine } from './supervisor.ts'

const engine = await startEngine({ home: process.argv[2] ?? '', durability: 'process' })
process.stdout.write(`${engine.pid}\n`)
setInterval(() => undefined, 1000)
