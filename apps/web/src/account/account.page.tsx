import { Alert, Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api/client.js';
import { useForgetSession, useSession } from '../api/session.js';
import { useThing } from '../api/lists.js';
import { OwnInvitations } from '../managers/own-invitations.js';
import { Page } from '../shell/page.js';
import { Loading, Problem } from '../shell/states.js';
import { CredentialForm } from './credentials.js';
import { EmailState } from './email-state.js';
import { MailLanguage } from './mail-language.js';

/** Who I am here, and the way out: erasing the account keeps the books and forgets the person. */
export function AccountPage() {
  const { t } = useTranslation();
  const { person, instance } = useSession();
  const forget = useForgetSession();
  const navigate = useNavigate();
  const [asking, { open, close }] = useDisclosure();
  const erase = useMutation({
    mutationFn: () => api(`/people/${person!.personId}`, { method: 'DELETE' }),
    onSuccess: async () => {
      await forget();
      await navigate('/');
    },
  });
  // Shown together with what comes first, so that nothing moves under the reader's finger.
  const [me, invitations] = [useThing('/me'), useThing('/manager-invitations')];
  if (!person) return null;
  if (me.isPending || invitations.isPending) return <Loading />;
  return (
    <Page title={t('account.title')} size="sm">
      <Paper>
        <Stack gap={4}>
          <Text fw={600}>{person.displayName}</Text>
          <EmailState />
          <Text c="dimmed" size="sm">
            {t('account.instance', { name: instance?.name })}
          </Text>
        </Stack>
      </Paper>
      <OwnInvitations />
      <MailLanguage />
      <CredentialForm field="newPassword" />
      <CredentialForm field="email" />
      <Paper>
        <Stack align="flex-start">
          <Title order={2} size="h4">
            {t('account.erase')}
          </Title>
          <Text size="sm">{t('account.eraseExplained')}</Text>
          <Button color="red" variant="outline" onClick={open}>
            {t('account.erase')}
          </Button>
        </Stack>
      </Paper>
      <Modal opened={asking} onClose={close} title={t('account.eraseSure')}>
        <Stack>
          <Alert color="red" variant="light">
            {t('account.eraseExplained')}
          </Alert>
          {erase.isError && <Problem error={erase.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button color="red" loading={erase.isPending} onClick={() => erase.mutate()}>
              {t('account.erase')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Page>
  );
}
