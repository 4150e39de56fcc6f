/** A Markdown table; bars and line ends inside cells do not break it. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll(/\s*\n\s*/g, ' ')
}

export function code(text: string): string {
  return `\`${text}\``
}

export function page(title: string, about: string, sections: readonly string[]): string {
  const made = '<!-- Made by `npm run reference` from the declarations in the code. Change those, not this page. -->'
  return [made, `# ${title}`, about, ...sections].join('\n\n') + '\n'
}
