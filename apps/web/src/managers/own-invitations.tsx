import type { OwnManagerInvitation } from '@foodshed/contracts';
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { useForgetSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Problem } from '../shell/states.js';

/** Who would like the person to manage an enterprise with them, to accept or to decline; nothing when nobody does. */
export function OwnInvitations() {
  const { t } = useTranslation();
  const format = useFormat();
  const forget = useForgetSession();
  const list = useThing<{ items: OwnManagerInvitation[] }>('/manager-invitations');
  const answer = useMutation({
    mutationFn: ({ invitationId, word }: { invitationId: string; word: 'acceptance' | 'refusal' }) =>
      api(`/manager-invitations/${invitationId}/${word}`, { method: 'POST' }),
    // What the person manages now is told with the session.
    onSuccess: forget,
  });
  if (list.isError) return <Problem error={list.error} retry={() => void list.refetch()} />;
  if (!list.data || list.data.items.length === 0) return null;
  return (
    <Paper>
      <Stack>
        <Title order={2} size="h4">
          {t('managers.invitedTitle')}
        </Title>
        <Text size="sm">{t('managers.invitedExplained')}</Text>
        {answer.isError && <Problem error={answer.error} />}
        {list.data.items.map(({ invitationId, enterpriseName, invitedByName, expiresAt }) => (
          <Group key={invitationId} justify="space-between">
            <div>
              <Text fw={600}>{enterpriseName}</Text>
              <Text size="sm" c="dimmed">
                {t('managers.invitedBy', {
                  name: invitedByName ?? t('managers.former'),
                  date: format.date(expiresAt),
                })}
              </Text>
            </div>
            <Group gap="xs">
              <Button
                size="xs"
                loading={answer.isPending}
                onClick={() => answer.mutate({ invitationId, word: 'acceptance' })}
              >
                {t('managers.accept')}
              </Button>
              <Button
                size="xs"
                variant="default"
                loading={answer.isPending}
                onClick={() => answer.mutate({ invitationId, word: 'refusal' })}
              >
                {t('managers.decline')}
              </Button>
            </Group>
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
