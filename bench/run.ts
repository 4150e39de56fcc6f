/** `npm run bench <name> [arguments]` runs one benchmark; without a name it says which there are. */
const benchmarks: Readonly<Record<string, () => Promise<unknown>>> = {
  alternate: () => import('./alternate.ts'),
  ingest: () => import('./ingest.ts'),
  pipelines: () => import('./pipelines.ts'),
  sockets: () => import('./sockets.ts'),
}

const name = process.argv.splice(2, 1)[0] ?? ''
const benchmark = benchmarks[name]
if (benchmark) await benchmark()
else console.log(`Give the name of a benchmark: ${Object.keys(benchmarks).join(', ')}. Run nothing else meanwhile.`)
