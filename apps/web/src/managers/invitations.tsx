import type { ManagerInvitation } from '@foodshed/contracts';
import { Button, Group, Paper, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, fieldError } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Loaded, Problem } from '../shell/states.js';

/** Invites by address, and shows whose answer is waited for. */
export function Invitations({ enterpriseId }: { enterpriseId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const path = `/enterprises/${enterpriseId}/manager-invitations`;
  const list = useThing<{ items: ManagerInvitation[] }>(path);
  const [email, setEmail] = useState('');
  const again = () => client.invalidateQueries({ queryKey: [path] });
  const invite = useMutation({
    mutationFn: () => api(path, { method: 'POST', body: { email } }),
    onSuccess: async () => {
      setEmail('');
      await again();
    },
  });
  const withdraw = useMutation({
    mutationFn: (invitationId: string) => api(`${path}/${invitationId}`, { method: 'DELETE' }),
    onSettled: again,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate();
  };
  return (
    <Paper>
      <Stack>
        <Title order={2} size="h4">
          {t('managers.inviteTitle')}
        </Title>
        <Text size="sm">{t('managers.inviteExplained')}</Text>
        <Group component="form" onSubmit={submit} align="flex-end">
          <TextInput
            label={t('signIn.email')}
            type="email"
            required
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={fieldError(invite.error, 'email')}
          />
          <Button type="submit" loading={invite.isPending}>
            {t('managers.invite')}
          </Button>
        </Group>
        {invite.isError && <Problem error={invite.error} />}
        {withdraw.isError && <Problem error={withdraw.error} />}
        <Loaded query={list}>
          {({ items }) =>
            items.map(({ invitationId, email: address, displayName, expiresAt }) => (
              <Group key={invitationId} justify="space-between" data-testid="pending-invitation">
                <div>
                  <Text>{displayName ?? address}</Text>
                  <Text size="sm" c="dimmed">
                    {t('managers.pending', { date: format.date(expiresAt) })}
                  </Text>
                </div>
                <Button
                  size="xs"
                  variant="default"
                  loading={withdraw.isPending}
                  onClick={() => withdraw.mutate(invitationId)}
                >
                  {t('managers.withdraw')}
                </Button>
              </Group>
            ))
          }
        </Loaded>
      </Stack>
    </Paper>
  );
}
