/** The bare engine in a process of its own: runs each statement a few times, prints seconds as one line of JSON. */
import { Session } from 'chdb'

const { folder, prepare, statements, runs } = JSON.parse(process.argv[2]!) as {
  folder: string
  prepare: string[]
  /** `{run}` stands for the number of the run. */
  statements: string[]
  runs: number
}
const session = new Session(folder)
for (const sql of prepare) await session.queryAsync(sql)
const seconds: number[][] = statements.map(() => [])
for (let run = 0; run < runs; run++) {
  for (const [index, sql] of statements.entries()) {
    const began = performance.now()
    await session.queryAsync(sql.replaceAll('{run}', String(run)))
    seconds[index]!.push((performance.now() - began) / 1000)
  }
}
session.close()
console.log(JSON.stringify(seconds))
