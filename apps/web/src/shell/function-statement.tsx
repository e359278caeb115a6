import { useList, useThing } from '../api/lists.js';
import { type Column, ListTable } from './data-table.js';
import { Figures } from './figures.js';
import { Page } from './page.js';
import { Loaded } from './states.js';

/** A function's own book, for stewards: its sums, and what they are made of, newest first. */
export function FunctionStatement<Book extends { items: Row[] }, Row>({
  path,
  title,
  lead,
  none,
  keyOf,
  figures,
  columns,
}: {
  path: string;
  title: string;
  lead: string;
  none: string;
  keyOf: (row: Row) => string;
  figures: (book: Book) => { label: string; value: string }[];
  columns: (book: Book) => Column<Row>[];
}) {
  const sums = useThing<Book>(path, { limit: 1 });
  const list = useList<Row>(path);
  return (
    <Page title={title} lead={lead}>
      <Loaded query={sums}>
        {(book) => (
          <>
            <Figures items={figures(book)} />
            <ListTable list={list} none={none} keyOf={keyOf} columns={columns(book)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
