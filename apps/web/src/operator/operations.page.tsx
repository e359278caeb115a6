import type { DeadLetterView, OperationsView, ReconciliationView } from '@foodshed/contracts';
import { Badge, Button, Code, Group, List, Paper, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { type PageOf, useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable, ListTable } from '../shell/data-table.js';
import { PageTabs } from '../shell/page-tabs.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';

const REFRESH_MS = 5_000;
const RUNNING_REFRESH_MS = 1_000;

function Health() {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery({
    queryKey: ['/system/operations'],
    refetchInterval: REFRESH_MS,
    queryFn: () => api<OperationsView>('/system/operations'),
  });
  return (
    <Loaded query={query}>
      {({ services, consumers }) => (
        <Stack>
          <Paper>
            <DataTable
              rows={services}
              keyOf={({ service }) => service}
              columns={[
                { title: t('operations.service'), cell: ({ service }) => service },
                {
                  title: t('operations.ready'),
                  cell: ({ isReady, faults }) => (
                    <>
                      <Badge variant="dot" color={isReady ? 'leaf' : 'red'}>
                        {t(isReady ? 'operations.isReady' : 'operations.isNotReady')}
                      </Badge>
                      {Object.entries(faults).map(([check, fault]) => (
                        <Text key={check} size="xs">
                          {check}: {fault}
                        </Text>
                      ))}
                    </>
                  ),
                },
                { title: t('operations.version'), cell: ({ version }) => version ?? '–' },
                {
                  title: t('operations.answered'),
                  isAmount: true,
                  cell: ({ answeredInMs }) =>
                    answeredInMs === null ? '–' : `${format.number(answeredInMs)} ms`,
                },
                {
                  title: t('operations.outbox'),
                  isAmount: true,
                  cell: ({ outbox }) => (outbox ? format.number(outbox.pending) : '–'),
                },
                {
                  title: t('operations.outboxAge'),
                  isAmount: true,
                  cell: ({ outbox }) =>
                    outbox?.pending ? `${format.number(Math.round(outbox.ageSeconds))} s` : '–',
                },
              ]}
            />
          </Paper>
          <Paper>
            <DataTable
              rows={consumers}
              keyOf={({ service, consumer }) => `${service} ${consumer}`}
              columns={[
                {
                  title: t('operations.listens'),
                  cell: ({ consumer }) => consumer.split('--')[0] ?? consumer,
                },
                {
                  title: t('operations.subject'),
                  cell: ({ consumer }) => <Code>{consumer.split('--').slice(1).join(' ')}</Code>,
                },
                {
                  title: t('operations.waiting'),
                  isAmount: true,
                  cell: ({ waiting }) => format.number(waiting),
                },
              ]}
            />
          </Paper>
        </Stack>
      )}
    </Loaded>
  );
}

function DeadLetters() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const path = '/system/dead-letters';
  const list = useList<DeadLetterView>(path);
  const replay = useMutation({
    mutationFn: (sequence: number) => api(`${path}/${sequence}/replay`, { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: [path] }),
  });
  return (
    <Stack>
      {replay.isError && <Problem error={replay.error} />}
      <ListTable
        list={list}
        none={t('operations.noDeadLetters')}
        noneNext={t('operations.noDeadLettersNext')}
        minWidth={760}
        keyOf={({ sequence }) => sequence}
        columns={[
          { title: t('operations.failedAt'), cell: ({ failedAt }) => format.dateTime(failedAt) },
          { title: t('operations.listens'), cell: ({ service }) => service },
          {
            title: t('operations.event'),
            cell: ({ event }) => (
              <details>
                <summary>
                  <Code>{event.subject}</Code>
                </summary>
                <Code block tabIndex={0}>
                  {event.id}
                  {'\n'}
                  {event.data}
                </Code>
              </details>
            ),
          },
          {
            title: t('operations.reason'),
            cell: ({ code, detail, fields }) => (
              <>
                <Text size="sm">
                  {code}: {detail}
                </Text>
                {fields.map((field) => (
                  <Text size="xs" key={field.path}>
                    {field.path}: {field.message}
                  </Text>
                ))}
              </>
            ),
          },
          {
            title: '',
            cell: ({ sequence }) => (
              <Button
                size="compact-xs"
                variant="default"
                loading={replay.isPending && replay.variables === sequence}
                onClick={() => replay.mutate(sequence)}
              >
                {t('operations.replay')}
              </Button>
            ),
          },
        ]}
      />
    </Stack>
  );
}

const stateColor = { running: 'yellow', agrees: 'leaf', differs: 'red', failed: 'red' } as const;

function Comparison({ one }: { one: ReconciliationView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const percent = one.instances === 0 ? 0 : Math.round((one.instancesDone * 100) / one.instances);
  return (
    <Paper data-testid="reconciliation">
      <Stack gap="xs">
        <Group justify="space-between">
          <Text>{format.dateTime(one.requestedAt)}</Text>
          <Badge variant="dot" color={stateColor[one.state]}>
            {t(`reconciliation.${one.state}`, { count: one.differences })}
          </Badge>
        </Group>
        {one.state === 'running' && (
          <Progress value={percent} animated aria-label={t('reconciliation.progress')} />
        )}
        {one.results.map((result) => (
          <Text size="sm" key={result.instanceId}>
            {t('reconciliation.result', { ...result, count: result.differences })}
          </Text>
        ))}
        {one.findings.length > 0 && (
          <List size="sm">
            {one.findings.map((finding) => (
              <List.Item key={finding}>
                <Code style={{ overflowWrap: 'anywhere' }}>{finding}</Code>
              </List.Item>
            ))}
          </List>
        )}
      </Stack>
    </Paper>
  );
}

function Reconciliation() {
  const { t } = useTranslation();
  const client = useQueryClient();
  const path = '/system/reconciliations';
  const query = useQuery({
    queryKey: [path],
    queryFn: () => api<PageOf<ReconciliationView>>(path, { query: { limit: 10 } }),
    refetchInterval: ({ state }) => (state.data?.items[0]?.state === 'running' ? RUNNING_REFRESH_MS : false),
  });
  const start = useMutation({
    mutationFn: () => api(path, { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries({ queryKey: [path] }),
  });
  return (
    <Stack>
      <Group>
        <Button loading={start.isPending} onClick={() => start.mutate()}>
          {t('reconciliation.start')}
        </Button>
        <Text size="sm" c="dimmed">
          {t('reconciliation.hint')}
        </Text>
      </Group>
      {start.isError && <Problem error={start.error} />}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('reconciliation.none')} />
          ) : (
            items.map((one) => <Comparison key={one.reconciliationId} one={one} />)
          )
        }
      </Loaded>
    </Stack>
  );
}

/** How the installation is: its services, what waits, what could not be handled, and whether the books agree. */
export function OperationsPage() {
  const { t } = useTranslation();
  return (
    <Page title={t('operations.title')} lead={t('operations.lead')}>
      <PageTabs
        tabs={[
          { value: 'health', title: t('operations.health'), content: <Health /> },
          { value: 'dead-letters', title: t('operations.deadLetters'), content: <DeadLetters /> },
          { value: 'reconciliation', title: t('operations.reconciliation'), content: <Reconciliation /> },
        ]}
      />
    </Page>
  );
}
