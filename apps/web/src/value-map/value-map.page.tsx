import type { MapArrow, MapLevel, ValueMap } from '@foodshed/contracts';
import {
  Alert,
  Anchor,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSearchParams } from 'react-router';
import { useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { ArrowEntries } from './arrow-entries.js';
import { textOf } from './drawing.js';
import { MapDrawing } from './map-drawing.js';
import { useMapNames } from './names.js';

type Query = Record<string, string | undefined>;

/** The months that are over before an instant, the latest first, as periods of dates. */
function pastMonths(now: Date, count: number): { from: string; to: string }[] {
  const dateOf = (month: number, day: number): string =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + month, day)).toISOString().slice(0, 10);
  return Array.from({ length: count }, (_, index) => ({
    from: dateOf(-index - 1, 1),
    to: dateOf(-index, 0),
  }));
}

/** Whose map, of which period and unit. Who may see sums only chooses among months that are over. */
function Filters({
  query,
  change,
  units,
  maySeeAll,
}: {
  query: Query;
  change: (more: Query) => void;
  units: readonly string[];
  maySeeAll: boolean;
}) {
  const { t } = useTranslation();
  const { enterprises } = useSession();
  const levels = (['functions', 'hubs', 'producers'] as const).map((value) => ({
    value,
    label: t(`valueMap.level.${value}`),
  }));
  const { enterpriseId } = query;
  const format = useFormat();
  const months = pastMonths(new Date(), 12);
  const own = enterprises.map(({ enterpriseId: value, name }) => ({ value, label: name }));
  return (
    <Group align="flex-end" gap="sm">
      {maySeeAll && !enterpriseId && (
        <SegmentedControl
          aria-label={t('valueMap.levels')}
          value={query['level'] ?? 'functions'}
          onChange={(level) => change({ level: level as MapLevel })}
          data={levels}
        />
      )}
      {own.length > 0 && (
        <NativeSelect
          label={t('valueMap.whose')}
          value={own.some(({ value }) => value === enterpriseId) ? enterpriseId : ''}
          onChange={(event) => change({ enterpriseId: event.currentTarget.value, from: '', to: '' })}
          data={[{ value: '', label: t('valueMap.everybody') }, ...own]}
        />
      )}
      {(maySeeAll || enterpriseId) &&
        (['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            label={t(`valueMap.${end}`)}
            value={query[end] ?? ''}
            onChange={(event) => change({ [end]: event.currentTarget.value })}
          />
        ))}
      {!maySeeAll && !enterpriseId && (
        <NativeSelect
          label={t('valueMap.month')}
          value={query['from'] ?? months[0]!.from}
          onChange={(event) => change(months.find(({ from }) => from === event.currentTarget.value)!)}
          data={months.map(({ from }) => ({ value: from, label: format.month(from) }))}
        />
      )}
      {units.length > 1 && (
        <NativeSelect
          label={t('valueMap.unit')}
          value={query['unit'] ?? units[0]!}
          onChange={(event) => change({ unit: event.currentTarget.value })}
          data={[...units]}
        />
      )}
    </Group>
  );
}

function ArrowTable({ view, onOpen }: { view: ValueMap; onOpen?: (arrow: MapArrow) => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useMapNames(view.arrows);
  const entriesOf = (arrow: MapArrow) => {
    const count = t('valueMap.entries', { count: arrow.entries });
    if (!onOpen) return count;
    const label = t('valueMap.openEntries', {
      from: names.party(arrow.from),
      to: names.party(arrow.to),
      what: names.what(arrow),
    });
    return (
      <Anchor
        component="button"
        type="button"
        size="sm"
        aria-label={`${count}: ${label}`}
        onClick={() => onOpen(arrow)}
      >
        {count}
      </Anchor>
    );
  };
  return (
    <Paper>
      <DataTable
        rows={view.arrows}
        keyOf={({ from, to, line, shareId }) => [textOf(from), textOf(to), line, shareId].join(' ')}
        columns={[
          { title: t('valueMap.giver'), cell: ({ from }) => names.party(from) },
          { title: t('valueMap.receiver'), cell: ({ to }) => names.party(to) },
          { title: t('valueMap.what'), cell: names.what },
          {
            title: t('valueMap.amount'),
            isAmount: true,
            cell: ({ amountMinor }) => format.money(amountMinor, view.unit),
          },
          { title: t('valueMap.inLedger'), isAmount: true, cell: entriesOf },
        ]}
      />
    </Paper>
  );
}

/** Who brings value to whom, drawn from the ledger's own entries, and the same as a table whose sums open. */
export function ValueMapPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const { roles, enterprises } = useSession();
  const [search, setSearch] = useSearchParams();
  const [opened, setOpened] = useState<MapArrow | null>(null);
  const names = ['level', 'enterpriseId', 'unit', 'from', 'to'] as const;
  const query: Query = Object.fromEntries(names.map((name) => [name, search.get(name) ?? undefined]));
  const change = useCallback(
    (more: Query): void =>
      setSearch(
        (before) => {
          for (const [name, value] of Object.entries(more)) {
            if (value) before.set(name, value);
            else before.delete(name);
          }
          return before;
        },
        { replace: true },
      ),
    [setSearch],
  );
  const map = useThing<ValueMap>('/value-map', query);
  const maySeeAll = roles.length > 0;
  const isOwn = enterprises.some(({ enterpriseId }) => enterpriseId === query['enterpriseId']);
  const openParty = useCallback(
    ({ id }: { id: string | null }) => change({ enterpriseId: id ?? '' }),
    [change],
  );
  return (
    <Page title={t('valueMap.title')} lead={t('valueMap.lead')} size="xl">
      <Filters query={query} change={change} units={map.data?.units ?? []} maySeeAll={maySeeAll} />
      {query['enterpriseId'] && maySeeAll && (
        <Anchor component="button" type="button" onClick={() => change({ enterpriseId: '' })}>
          {t('valueMap.backToAll')}
        </Anchor>
      )}
      <Loaded query={map}>
        {(view) => (
          <Stack>
            {view.from && view.to && (
              <Text>
                {t('valueMap.period', {
                  from: format.date(`${view.from}T12:00:00Z`),
                  to: format.date(`${view.to}T12:00:00Z`),
                })}
              </Text>
            )}
            {view.isWithheld && <Alert color="gray">{t('valueMap.withheld')}</Alert>}
            {view.arrows.length === 0 ? (
              <Nothing title={t('valueMap.none')}>{t('valueMap.noneNext')}</Nothing>
            ) : (
              <>
                <MapDrawing view={view} onOpen={openParty} />
                <ArrowTable view={view} {...(maySeeAll || isOwn ? { onOpen: setOpened } : {})} />
              </>
            )}
            <Text size="sm" c="dimmed">
              {t('valueMap.untilBatch', { batch: view.untilBatch })}
            </Text>
            {opened && (
              <ArrowEntries arrow={opened} query={query} unit={view.unit} onClose={() => setOpened(null)} />
            )}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}
