import { SimpleGrid } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import type { ReactNode } from 'react';
import { useVisibleRows } from './visible-rows.js';

/** Cards in one column, two on a wide window. Of many only those near the window are drawn, and all of them on paper. */
export function CardGrid<Item>({
  items,
  keyOf,
  cardHeight,
  children,
}: {
  items: readonly Item[];
  keyOf: (item: Item) => string;
  /** Roughly, in pixels; the cards are measured once they are drawn. */
  cardHeight: number;
  children: (item: Item) => ReactNode;
}) {
  const columns = useMediaQuery('(min-width: 48em)', undefined, { getInitialValueInEffect: false }) ? 2 : 1;
  const { visible, above, below, frame, measure } = useVisibleRows<HTMLDivElement>(
    Math.ceil(items.length / columns),
    cardHeight,
  );
  return (
    <div role="list" ref={frame} style={{ paddingTop: above, paddingBottom: below }}>
      {visible.map((row) => (
        <div key={row} role="presentation" data-index={row} ref={measure} style={{ paddingBottom: 12 }}>
          <SimpleGrid cols={columns} spacing={12} role="presentation">
            {items.slice(row * columns, (row + 1) * columns).map((item, column) => (
              <div
                key={keyOf(item)}
                role="listitem"
                aria-setsize={items.length}
                aria-posinset={row * columns + column + 1}
              >
                {children(item)}
              </div>
            ))}
          </SimpleGrid>
        </div>
      ))}
    </div>
  );
}
