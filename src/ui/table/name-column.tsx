import { Link } from '../components/Link.tsx'
import type { Column } from './rows.ts'

/** The first column of a list: the name, as a link to the thing's own page. */
export function nameColumn<Row extends { readonly name: string }>(to: (row: Row) => string): Column<Row> {
  return {
    id: 'name',
    title: 'Name',
    grow: 3,
    value: (row) => row.name,
    cell: (row) => (
      <Link to={to(row)} className="font-medium hover:text-water-ink">
        {row.name}
      </Link>
    ),
  }
}
