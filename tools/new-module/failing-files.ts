/** `node failing-files.ts a.test.ts b.test.ts`: runs the files one after the other in this process and prints, as JSON, which tests of each fail. */
import { run } from 'node:test'

const files = process.argv.slice(2)
const failing = Object.fromEntries(files.map((file) => [file, [] as string[]]))
for await (const { type, data } of run({ files, isolation: 'none', timeout: 120_000 }))
  if (type === 'test:fail') failing[data.file ?? '']?.push(data.name)
console.log(JSON.stringify(failing))
