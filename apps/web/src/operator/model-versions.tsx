import type { NetworkModelSummary, NetworkModelView } from '@foodshed/contracts';
import { Badge, Button, Group, List, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Loaded, Problem } from '../shell/states.js';

/** Who approved a version and who has to, with a button for those who may. */
function Approvals({ version }: { version: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const query = useThing<NetworkModelView>(`/network-models/${version}`);
  const approve = useMutation({
    mutationFn: () => api(`/network-models/${version}/approval`, { method: 'POST' }),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['network-model'] }),
        client.invalidateQueries({ queryKey: ['/network-models'] }),
        client.invalidateQueries({ queryKey: [`/network-models/${version}`] }),
      ]),
  });
  return (
    <Loaded query={query}>
      {({ approvals }) => (
        <Stack gap="xs">
          <List size="sm">
            {approvals.given.map(({ steward, approvedAt }) => (
              <List.Item key={steward}>
                {t('model.approvedBy', { steward, at: format.dateTime(approvedAt) })}
              </List.Item>
            ))}
            {approvals.awaited.map(({ functionId, stewards }) => (
              <List.Item key={functionId}>
                {t('model.awaits', { name: functionId, stewards: stewards.join(', ') })}
              </List.Item>
            ))}
          </List>
          {approvals.awaited.length > 0 && approvals.noticeDays > 0 && (
            <Text size="sm" c="dimmed">
              {t('model.notice', { count: approvals.noticeDays })}
            </Text>
          )}
          {approve.isError && <Problem error={approve.error} />}
          {approvals.mayApprove && (
            <Group>
              <Button size="xs" loading={approve.isPending} onClick={() => approve.mutate()}>
                {t('model.approve')}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Loaded>
  );
}

/** The versions of the model, newest first, each with its state; the newest with who approved it. */
export function ModelVersions() {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useList<NetworkModelSummary>('/network-models', { limit: 5 });
  return (
    <Loaded query={list}>
      {() => (
        <Paper>
          <Stack>
            <Title order={2} size="h4">
              {t('model.versions')}
            </Title>
            {list.items!.map(({ version, name, state, takesEffectAt }, index) => (
              <Stack key={version} gap={4}>
                <Group justify="space-between">
                  <Text fw={600}>{t('model.version', { version })}</Text>
                  <Badge variant="dot">{t(`modelState.${state}`)}</Badge>
                </Group>
                <Text size="sm">{name}</Text>
                <Text size="sm" c="dimmed">
                  {t('model.from', { at: format.dateTime(takesEffectAt) })}
                </Text>
                {(index === 0 || state === 'proposed') && <Approvals version={version} />}
              </Stack>
            ))}
            <More list={list} />
          </Stack>
        </Paper>
      )}
    </Loaded>
  );
}
