import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failure } from '../components/Nothing.tsx'
import { Page, PageHead } from '../components/Page.tsx'
import { useGo } from '../url-state.ts'
import { nameColumn } from './name-column.tsx'
import type { Column } from './rows.ts'
import { Table } from './Table.tsx'

/** A page that lists named objects, each with a page of its own. */
export function ListPage<Row extends { readonly name: string }>({
  title,
  about,
  actions,
  query,
  pathOf,
  compare,
  columns,
  empty,
  children,
}: {
  readonly title: string
  readonly about: string
  readonly actions?: ReactNode
  readonly query: Pick<UseQueryResult<readonly Row[]>, 'data' | 'error' | 'isError' | 'refetch'>
  /** The path of the page of an object. */
  readonly pathOf: (row: Row) => string
  /** Default: the order of the answer. */
  readonly compare?: (one: Row, other: Row) => number
  /** Those after the name. */
  readonly columns: readonly Column<Row>[]
  readonly empty: ReactNode
  /** Between the head and the table. */
  readonly children?: ReactNode
}) {
  const go = useGo()
  return (
    <Page>
      <PageHead title={title} about={about} actions={actions} />
      {children}
      {query.isError && query.data === undefined ? (
        <Failure error={query.error} retry={() => void query.refetch()} />
      ) : (
        <Table
          label={title}
          rows={compare === undefined ? query.data : query.data?.toSorted(compare)}
          rowKey={pathOf}
          onOpen={(row) => go(pathOf(row))}
          columns={[nameColumn(pathOf), ...columns]}
          empty={empty}
        />
      )}
    </Page>
  )
}
