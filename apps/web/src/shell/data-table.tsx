import { Paper, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { More } from './more.js';
import { Loaded, Nothing } from './states.js';
import { useVisibleRows } from './visible-rows.js';

export interface Column<Row> {
  title: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures line up on the right. */
  isAmount?: boolean;
  width?: number;
}

interface TableOf<Row> {
  columns: readonly Column<Row>[];
  keyOf: (row: Row) => string | number;
  /** Below this width in pixels the table scrolls in its own frame. */
  minWidth?: number;
}

/**
 * Rows in columns; on a narrow window each row is a small card that shows all of it, amounts on the right. Of many rows only
 * those near the window are drawn, and all of them on paper.
 */
export function DataTable<Row>({
  rows,
  columns,
  keyOf,
  minWidth = 560,
}: TableOf<Row> & { rows: readonly Row[] }) {
  const { visible, above, below, frame, measure } = useVisibleRows<HTMLTableSectionElement>(rows.length, 44);
  const classOf = ({ isAmount }: Column<Row>): string | undefined => (isAmount ? 'amount' : undefined);
  const space = (height: number) =>
    height > 0 && (
      <tr aria-hidden className="space" style={{ height }}>
        <td colSpan={columns.length} />
      </tr>
    );
  return (
    <Table.ScrollContainer minWidth={minWidth}>
      {/* As a card it is no table for browsers any more: the roles keep it one for who listens to it. */}
      <Table className="rows" highlightOnHover role="table" aria-rowcount={rows.length + 1}>
        <Table.Thead role="rowgroup">
          <Table.Tr role="row">
            {columns.map((column, index) => (
              <Table.Th key={index} className={classOf(column)} w={column.width} role="columnheader">
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody ref={frame} role="rowgroup">
          {space(above)}
          {visible.map((index) => {
            const row = rows[index]!;
            return (
              <Table.Tr
                key={keyOf(row)}
                data-index={index}
                ref={measure}
                role="row"
                aria-rowindex={index + 2}
              >
                {columns.map((column, place) => (
                  <Table.Td
                    key={place}
                    className={classOf(column)}
                    role="cell"
                    data-title={place > 0 && typeof column.title === 'string' ? column.title : undefined}
                  >
                    {column.cell(row)}
                  </Table.Td>
                ))}
              </Table.Tr>
            );
          })}
          {space(below)}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** A list that grows page by page: waited for, empty with what to do next, or there. */
export function ListTable<Row>({
  list,
  none,
  noneNext,
  ...table
}: TableOf<Row> & {
  list: Parameters<typeof Loaded>[0]['query'] & Parameters<typeof More>[0]['list'] & { items?: Row[] };
  none: string;
  noneNext?: ReactNode;
}) {
  return (
    <Loaded query={list}>
      {() =>
        list.items!.length === 0 ? (
          <Nothing title={none}>{noneNext}</Nothing>
        ) : (
          <Paper>
            <DataTable rows={list.items!} {...table} />
            <More list={list} />
          </Paper>
        )
      }
    </Loaded>
  );
}
