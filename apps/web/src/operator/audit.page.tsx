import type { adminRpc, RpcOutput } from '@foodshed/contracts';
import { Anchor, Button, Code, Group, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';

type Entry = RpcOutput<typeof adminRpc.listAudit>['items'][number];
type Filter = { action?: string; actorId?: string; objectId?: string };

/** Who did what, when, and to what; a click on any of them leaves the rest out. */
export function AuditPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const [filter, setFilter] = useState<Filter>({});
  const [action, setAction] = useState('');
  const list = useList<Entry>('/audit', filter);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setFilter({ ...filter, action: action.trim() });
  };
  const clear = (): void => {
    setFilter({});
    setAction('');
  };
  const narrow = (change: Filter, text: string) => (
    <Anchor component="button" size="sm" ta="left" onClick={() => setFilter({ ...filter, ...change })}>
      {text}
    </Anchor>
  );
  return (
    <Page title={t('audit.title')} lead={t('audit.lead')}>
      <Group component="form" align="flex-end" onSubmit={submit}>
        <TextInput
          label={t('audit.action')}
          description={t('audit.actionHint')}
          value={action}
          pattern="[a-z\-]*"
          onChange={(event) => setAction(event.currentTarget.value)}
        />
        <Button type="submit" variant="default">
          {t('audit.filter')}
        </Button>
        {Object.values(filter).some(Boolean) && (
          <Button variant="subtle" onClick={clear}>
            {t('audit.clear')}
          </Button>
        )}
      </Group>
      <ListTable
        list={list}
        none={t('audit.none')}
        minWidth={720}
        keyOf={({ auditId }) => auditId}
        columns={[
          { title: t('audit.when'), cell: ({ recordedAt }) => format.dateTime(recordedAt) },
          {
            title: t('audit.who'),
            cell: ({ actorId, actorName }) =>
              actorId ? narrow({ actorId }, actorName ?? t('audit.somebody')) : t('audit.commandLine'),
          },
          { title: t('audit.action'), cell: (entry) => narrow({ action: entry.action }, entry.action) },
          {
            title: t('audit.object'),
            cell: ({ objectKind, objectId }) => narrow({ objectId }, `${objectKind} ${objectId.slice(-6)}`),
          },
          {
            title: t('audit.facts'),
            cell: ({ facts }) =>
              Object.keys(facts).length > 0 && (
                <Text size="xs">
                  <Code style={{ overflowWrap: 'anywhere' }}>{JSON.stringify(facts)}</Code>
                </Text>
              ),
          },
        ]}
      />
    </Page>
  );
}
