import type { ManagersOf } from '@foodshed/contracts';
import { Button, Group, Modal, Paper, Stack, Text, Title } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { useForgetSession, useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { Loaded, Problem } from '../shell/states.js';
import { Invitations } from './invitations.js';
import { SharesForm } from './shares-form.js';

function Coming({ sets }: { sets: ManagersOf[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t('managers.coming')}
        </Title>
        {sets.map(({ validFrom, managers }) => (
          <Text key={validFrom} size="sm">
            {format.dateTime(validFrom)}:{' '}
            {managers
              .map(
                ({ displayName, shareBps }) =>
                  `${displayName ?? t('managers.former')} ${format.percent(shareBps)}`,
              )
              .join(', ')}
          </Text>
        ))}
      </Stack>
    </Paper>
  );
}

function Leave({ enterpriseId }: { enterpriseId: string }) {
  const { t } = useTranslation();
  const forget = useForgetSession();
  const navigate = useNavigate();
  const [asking, { open, close }] = useDisclosure();
  const leave = useMutation({
    mutationFn: () => api(`/enterprises/${enterpriseId}/managers/me`, { method: 'DELETE' }),
    onSuccess: async () => {
      await navigate('/');
      await forget();
    },
  });
  return (
    <Paper>
      <Stack align="flex-start">
        <Title order={2} size="h4">
          {t('managers.leave')}
        </Title>
        <Text size="sm">{t('managers.leaveExplained')}</Text>
        <Button color="red" variant="outline" onClick={open}>
          {t('managers.leave')}
        </Button>
      </Stack>
      <Modal opened={asking} onClose={close} title={t('managers.leave')}>
        <Stack>
          <Text size="sm">{t('managers.leaveExplained')}</Text>
          {leave.isError && <Problem error={leave.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button color="red" loading={leave.isPending} onClick={() => leave.mutate()}>
              {t('managers.leave')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Paper>
  );
}

/** Who manages an enterprise and who is invited to. Nobody becomes a manager without accepting it. */
export function ManagersPage() {
  const { t } = useTranslation();
  const { enterpriseId = '' } = useParams();
  const { enterprises } = useSession();
  const isHub = enterprises.some((each) => each.enterpriseId === enterpriseId && each.isHub);
  const managers = useThing<{ current: ManagersOf | null; coming: ManagersOf[] }>(
    `/enterprises/${enterpriseId}/managers`,
  );
  return (
    <Page title={t('managers.title')} lead={t(isHub ? 'managers.leadHub' : 'managers.lead')} size="sm">
      <Loaded query={managers}>
        {({ current, coming }) => (
          <>
            {current && (
              <SharesForm
                key={`${current.validFrom} ${current.managers.length}`}
                enterpriseId={enterpriseId}
                current={current}
                isHub={isHub}
              />
            )}
            {coming.length > 0 && <Coming sets={coming} />}
            <Invitations enterpriseId={enterpriseId} />
            <Leave enterpriseId={enterpriseId} />
          </>
        )}
      </Loaded>
    </Page>
  );
}
