import type { ImportChange, ProductImport } from '@foodshed/contracts';
import { Alert, Badge, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';

type Value = ImportChange['fields'][number]['to'];
type Kind = ImportChange['action'] | 'mistake';

/** One line of the file: what it would do, or one thing that is wrong with it. */
interface Row {
  key: string;
  line: number;
  kind: Kind;
  name: string;
  fields: ImportChange['fields'];
  mistake?: { column: string; reason: string };
}

const kindColor = {
  create: 'leaf',
  update: 'blue',
  unchanged: 'gray',
  skip: 'gray',
  mistake: 'red',
} as const;
const kinds: readonly Kind[] = ['mistake', 'create', 'update', 'unchanged', 'skip'];

function rowsOf(result: ProductImport): Row[] {
  const changes = result.changes.map(({ line, action, name, unitLabel, fields }): Row => {
    return { key: `${line}`, line, kind: action, name: [name, unitLabel].filter(Boolean).join(', '), fields };
  });
  const mistakes = result.problems.map(({ line, column, reason }, index): Row => {
    return {
      key: `mistake ${index}`,
      line,
      kind: 'mistake',
      name: '',
      fields: [],
      mistake: { column, reason },
    };
  });
  return [...changes, ...mistakes].sort((a, b) => a.line - b.line);
}

/** What one field was and will be, as people write it. */
function Change({ field, from, to }: ImportChange['fields'][number]) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const { instance } = useSession();
  const shown = (value: Value): string => {
    if (value === null || value === '') return '–';
    if (typeof value === 'boolean') return t(value ? 'import.yes' : 'import.no');
    if (typeof value === 'string') return value;
    if (field.endsWith('Minor')) return format.money(value, instance?.currency ?? 'EUR');
    return field.endsWith('Bps') ? format.percent(value) : format.number(value);
  };
  const key = `import.field.${field}`;
  return (
    <Text size="sm">
      {i18n.exists(key) ? t(key as 'import.field.stock') : field}:{' '}
      {from !== null && (
        <>
          <s>{shown(from)}</s> →{' '}
        </>
      )}
      <b>{shown(to)}</b>
    </Text>
  );
}

/** What a file would change or has changed, line by line: new, from what to what, untouched, or what is wrong. */
export function ImportOutcome({ result }: { result: ProductImport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const counts: Record<Kind, number> = {
    mistake: result.rejected,
    create: result.created,
    update: result.updated,
    unchanged: result.unchanged,
    skip: result.skipped,
  };
  const there = kinds.filter((kind) => counts[kind] > 0);
  const [chosen, setChosen] = useState<Kind | null>(null);
  const kind = chosen && there.includes(chosen) ? chosen : there[0];
  const rows = rowsOf(result).filter((row) => row.kind === kind);
  const isMistake = kind === 'mistake';
  return (
    <Stack gap="xs">
      <Alert
        color={result.rejected > 0 ? 'orange' : 'leaf'}
        role="status"
        title={t(result.applied ? 'import.applied' : 'import.preview')}
      >
        {t('import.counts', { ...result })}
      </Alert>
      {kind && (
        <>
          <SegmentedControl
            aria-label={t('import.show')}
            value={kind}
            onChange={(value) => setChosen(value as Kind)}
            data={there.map((value) => ({
              value,
              label: `${t(`import.kind.${value}`)} ${format.number(counts[value])}`,
            }))}
          />
          <DataTable
            rows={rows}
            keyOf={(row) => row.key}
            columns={[
              { title: t('import.line'), cell: (row) => format.number(row.line), isAmount: true, width: 80 },
              isMistake
                ? { title: t('import.column'), cell: (row) => row.mistake?.column }
                : { title: t('order.product'), cell: (row) => row.name },
              isMistake
                ? { title: t('import.reason'), cell: (row) => row.mistake?.reason }
                : {
                    title: t('import.change'),
                    cell: (row) => row.fields.map((change) => <Change key={change.field} {...change} />),
                  },
              {
                title: t('import.what'),
                cell: (row) => (
                  <Badge variant="dot" color={kindColor[row.kind]}>
                    {t(`import.kind.${row.kind}`)}
                  </Badge>
                ),
              },
            ]}
          />
          {rows.length < counts[kind] && !isMistake && (
            <Text size="sm" c="dimmed">
              {t('import.first', { shown: rows.length, count: counts[kind] })}
            </Text>
          )}
        </>
      )}
    </Stack>
  );
}
