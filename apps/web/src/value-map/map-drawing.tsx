import type { MapArrow, MapParty, ValueMap } from '@foodshed/contracts';
import { Button, Group, Paper, useComputedColorScheme, useMantineTheme } from '@mantine/core';

import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../format.js';
import { Chart } from '../shell/chart.js';
import { chartColors } from '../shell/colors.js';
import { drawingOf, OTHERS } from './drawing.js';
import { useMapNames } from './names.js';

const DRAWN_AT_FIRST = 12;
const ROW_PX = 30;
const NARROW_PX = 640;

const colorOf = (party: MapParty | null): string => {
  const kinds = ['producers', 'hubs', 'buyers', 'administration', 'people', 'pitches', 'payment-costs'];
  const place = party ? kinds.indexOf(party.kind) : -1;
  return chartColors[place < 0 ? (party?.kind === 'enterprise' ? 6 : 4) : place]!;
};

/** The map as bands from who gives to who gets; small ones are one box, which opens. The table beside it says the same. */
export function MapDrawing({ view, onOpen }: { view: ValueMap; onOpen: (party: MapParty) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { fontFamily } = useMantineTheme();
  const scheme = useComputedColorScheme('light');
  const [limit, setLimit] = useState(DRAWN_AT_FIRST);
  const drawing = useMemo(() => drawingOf(view.arrows as MapArrow[], limit), [view.arrows, limit]);
  const names = useMapNames(view.arrows);
  const label = (name: string): string => {
    const box = drawing.boxes.find((each) => each.name === name);
    if (name.startsWith(OTHERS)) return t('valueMap.others', { count: drawing.others });
    return box?.party ? names.party(box.party) : name;
  };
  const isNarrow = typeof window !== 'undefined' && window.innerWidth < NARROW_PX;
  const isFirst = (name: string): boolean => !drawing.links.some(({ target }) => target === name);
  const labels = drawing.boxes.map(({ name }) => label(name)).join('\n');
  const option = useMemo(
    () => ({
      tooltip: {
        trigger: 'item',
        formatter: ({
          data,
          name,
          value,
        }: {
          data: { source?: string; target?: string };
          name: string;
          value: number;
        }) => {
          const title = data.source ? `${label(data.source)} → ${label(data.target!)}` : label(name);
          return `${escapeText(title)}<br><b>${escapeText(format.money(value, view.unit))}</b>`;
        },
      },
      series: [
        {
          type: 'sankey',
          left: 4,
          right: isNarrow ? 4 : 150,
          top: 8,
          bottom: 8,
          nodeWidth: 14,
          nodeGap: 10,
          draggable: false,
          emphasis: { focus: 'adjacency' },
          lineStyle: { color: 'gradient', opacity: 0.35, curveness: 0.5 },
          label: {
            fontFamily,
            fontSize: isNarrow ? 11 : 13,
            color: scheme === 'dark' ? '#e8e9e3' : '#23271f',
            textBorderWidth: 0,
            width: isNarrow ? 64 : 140,
            overflow: 'truncate',
            formatter: ({ name }: { name: string }) => label(name),
          },
          data: drawing.boxes.map(({ name, party }) => ({
            name,
            itemStyle: { color: colorOf(party) },
            // On a phone there is no room beside the last boxes, and names of two columns would meet.
            label: { position: isNarrow && !isFirst(name) ? 'left' : 'right' },
          })),
          links: drawing.links,
        },
      ],
    }),
    // Drawn anew for other figures, names, frames and colours; the functions are made anew by every render.
    [drawing, labels, view.unit, isNarrow, scheme], // eslint-disable-line react-hooks/exhaustive-deps
  );
  const onClick = useMemo(
    () => (data: unknown) => {
      const { name } = data as { name?: string };
      const party = drawing.boxes.find((box) => box.name === name)?.party;
      if (name?.startsWith(OTHERS)) setLimit((before) => before * 4);
      else if (party?.id) onOpen(party);
    },
    [drawing, onOpen],
  );
  const height = Math.max(300, Math.min(drawing.boxes.length, 80) * ROW_PX);
  return (
    <Paper>
      <Chart option={option} label={t('valueMap.drawing')} height={height} onClick={onClick} />
      {(drawing.others > 0 || limit > DRAWN_AT_FIRST) && (
        <Group justify="center">
          {drawing.others > 0 && (
            <Button size="xs" variant="default" onClick={() => setLimit(limit * 4)}>
              {t('valueMap.openOthers', { count: drawing.others })}
            </Button>
          )}
          {limit > DRAWN_AT_FIRST && (
            <Button size="xs" variant="subtle" onClick={() => setLimit(DRAWN_AT_FIRST)}>
              {t('valueMap.fewer')}
            </Button>
          )}
        </Group>
      )}
    </Paper>
  );
}

/** The tooltip is HTML, and names of enterprises are what people typed. */
function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
