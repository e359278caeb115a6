import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../api/client.js';
import { useForgetSession } from '../api/session.js';
import { forgetDevice } from '../device/device.js';
import { useWaitingTicks } from '../device/use-ticks.js';
import { Problem } from './states.js';

/** Ends the session and what this browser kept of it; asks first where that would forget work. */
export function useSignOut(): { signOut: () => void; dialog: ReactNode } {
  const { t } = useTranslation();
  const forget = useForgetSession();
  const navigate = useNavigate();
  const waiting = useWaitingTicks();
  const [asking, { open, close }] = useDisclosure();
  const end = useMutation({
    mutationFn: async () => {
      await api('/session', { method: 'DELETE' });
      await forgetDevice();
    },
    onSuccess: async () => {
      close();
      await forget();
      await navigate('/');
    },
    onError: open,
  });
  return {
    signOut: () => (waiting.length > 0 ? open() : end.mutate()),
    dialog: (
      <Modal
        opened={asking}
        onClose={close}
        title={t(waiting.length > 0 ? 'signOut.title' : 'action.signOut')}
      >
        <Stack>
          {waiting.length > 0 && <Text size="sm">{t('signOut.unsent', { count: waiting.length })}</Text>}
          {end.isError && <Problem error={end.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              {t('action.cancel')}
            </Button>
            <Button color="red" loading={end.isPending} onClick={() => end.mutate()}>
              {t(waiting.length > 0 ? 'signOut.anyway' : 'action.signOut')}
            </Button>
          </Group>
        </Stack>
      </Modal>
    ),
  };
}
