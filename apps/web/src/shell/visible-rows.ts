import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type RefCallback, useCallback, useEffect, useState } from 'react';
import { flushSync } from 'react-dom';

/** Up to this many rows are simply drawn: find-in-page and screen readers have them all. */
const DRAWN_WHOLE = 120;

/** True while the page is laid out for paper, where everything must be there. */
function usePrinting(): boolean {
  const [printing, setPrinting] = useState(false);
  useEffect(() => {
    // The browser takes the page right after this event.
    const before = (): void => flushSync(() => setPrinting(true));
    const after = (): void => setPrinting(false);
    window.addEventListener('beforeprint', before);
    window.addEventListener('afterprint', after);
    return () => {
      window.removeEventListener('beforeprint', before);
      window.removeEventListener('afterprint', after);
    };
  }, []);
  return printing;
}

/** Which rows of a long list are drawn, and the height in pixels that the others before and after them take. */
export function useVisibleRows<Frame extends HTMLElement>(
  count: number,
  rowHeight: number,
): {
  visible: number[];
  above: number;
  below: number;
  /** On the element that holds the rows. */
  frame: RefCallback<Frame>;
  /** On each row, which carries its number as `data-index`. */
  measure?: RefCallback<HTMLElement>;
} {
  const [top, setTop] = useState(0);
  const printing = usePrinting();
  const frame = useCallback((element: Frame | null) => {
    if (element) setTop(element.getBoundingClientRect().top + window.scrollY);
  }, []);
  const isWhole = printing || count <= DRAWN_WHOLE;
  const rows = useWindowVirtualizer({
    count,
    enabled: !isWhole,
    estimateSize: () => rowHeight,
    overscan: 15,
    scrollMargin: top,
  });
  if (isWhole) {
    return { visible: Array.from({ length: count }, (_, index) => index), above: 0, below: 0, frame };
  }
  const items = rows.getVirtualItems();
  return {
    visible: items.map(({ index }) => index),
    above: (items[0]?.start ?? top) - top,
    below: rows.getTotalSize() - ((items.at(-1)?.end ?? top) - top),
    frame,
    measure: rows.measureElement,
  };
}
