import { median, type Cells } from './report.ts'

export type Figures = ReadonlyMap<string, number>

/** The figures of the tables which a benchmark prints, by "row: column". */
export function readFigures(printed: string): Figures {
  const figures = new Map<string, number>()
  let names: string[] | undefined
  for (const line of printed.split('\n')) {
    const cells = /^\| (.*) \|$/
      .exec(line.trim())?.[1]
      ?.split(' | ')
      .map((cell) => cell.trim())
    if (!cells) names = undefined
    else if (!names) names = cells
    else
      for (const [column, cell] of cells.entries()) {
        const value = Number(cell.replaceAll(',', ''))
        if (column > 0 && cell !== '' && Number.isFinite(value)) figures.set(`${cells[0]}: ${names[column]}`, value)
      }
  }
  return figures
}

const range = (values: readonly number[]): string => `${median(values)} (${Math.min(...values)}–${Math.max(...values)})`

/** The spread is what the old commit's figures differ among themselves, as a share of their median. */
export function compareFigures(old: readonly Figures[], fresh: readonly Figures[]): Cells[] {
  const names = [...old[0]!.keys()].filter((name) => [...old, ...fresh].every((figures) => figures.has(name)))
  return names.map((name) => {
    const [before, now] = [old.map((one) => one.get(name)!), fresh.map((one) => one.get(name)!)]
    const share = (value: number): string => (median(before) === 0 ? '' : `${(value * 100).toFixed(1)} %`)
    return {
      figure: name,
      old: range(before),
      new: range(now),
      'new against old': share(median(now) / median(before) - 1),
      'old against old': share((Math.max(...before) - Math.min(...before)) / median(before)),
    }
  })
}
