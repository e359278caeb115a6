import type { WebhookView } from '@foodshed/contracts';
import { Alert, Button, Code, Group, Modal, Paper, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useParams } from 'react-router';
import { api } from '../api/client.js';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Page } from '../shell/page.js';
import { Loaded, Problem } from '../shell/states.js';
import { Deliveries } from './deliveries.js';
import { Secret } from './secret.js';
import { WebhookForm } from './webhook-form.js';
import { WebhookState } from './webhook-state.js';

/** What one does with a webhook as a whole; each is one request. */
function useActions(webhook: WebhookView) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const path = `/webhooks/${webhook.webhookId}`;
  const refresh = () => client.invalidateQueries();
  const post = <T,>(action: string, body: object = {}) =>
    api<T>(`${path}/${action}`, { method: 'POST', body });
  const toggle = webhook.state === 'active' ? 'paused' : 'active';
  const list = webhook.enterpriseId ? `/enterprises/${webhook.enterpriseId}/webhooks` : '/webhooks';
  return {
    test: useMutation({ mutationFn: () => post('test'), onSuccess: refresh }),
    toggle: useMutation({
      mutationFn: () => api(path, { method: 'PATCH', body: { state: toggle } }),
      onSuccess: refresh,
    }),
    rotate: useMutation({ mutationFn: () => post<{ secret: string }>('secret'), onSuccess: refresh }),
    remove: useMutation({
      mutationFn: () => api(path, { method: 'DELETE' }),
      onSuccess: () => navigate(list),
    }),
    replay: useMutation({
      mutationFn: (since: string) =>
        post<{ queued: number }>('replay', { since: new Date(since).toISOString() }),
      onSuccess: refresh,
    }),
  };
}

function Replay({ replay }: Pick<ReturnType<typeof useActions>, 'replay'>) {
  const { t } = useTranslation();
  const [since, setSince] = useState('');
  return (
    <Group
      component="form"
      align="flex-end"
      onSubmit={(event) => {
        event.preventDefault();
        replay.mutate(since);
      }}
    >
      <TextInput
        type="datetime-local"
        label={t('webhook.replaySince')}
        description={t('webhook.replayHint')}
        required
        value={since}
        onChange={(event) => setSince(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={replay.isPending}>
        {t('webhook.replay')}
      </Button>
      {replay.data && <Text size="sm">{t('webhook.queued', { count: replay.data.queued })}</Text>}
    </Group>
  );
}

function Details({ webhook }: { webhook: WebhookView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [asked, setAsked] = useState<'change' | 'rotate' | 'remove'>();
  const actions = useActions(webhook);
  const close = () => setAsked(undefined);
  const failed = [actions.test, actions.toggle, actions.rotate, actions.remove, actions.replay].find(
    ({ isError }) => isError,
  );
  const confirm = { rotate: actions.rotate, remove: actions.remove };
  const confirmed = asked === 'rotate' || asked === 'remove' ? asked : undefined;
  return (
    <>
      {webhook.state === 'failing' && (
        <Alert color="red" variant="light" title={t('webhook.failing')} role="alert">
          {t(webhook.failingBecause === 'gone' ? 'webhook.gone' : 'webhook.gaveUp', {
            when: format.dateTime(webhook.stateChangedAt),
          })}
        </Alert>
      )}
      {actions.rotate.data && <Secret secret={actions.rotate.data.secret} />}
      {failed && <Problem error={failed.error} />}
      <Paper>
        <Stack>
          <Group justify="space-between" wrap="nowrap" align="flex-start">
            <Code style={{ overflowWrap: 'anywhere' }}>{webhook.url}</Code>
            <WebhookState state={webhook.state} />
          </Group>
          {webhook.previousSecretUntil && (
            <Text size="sm">
              {t('webhook.bothSign', { until: format.dateTime(webhook.previousSecretUntil) })}
            </Text>
          )}
          <Group gap="xs">
            <Button
              onClick={() => actions.test.mutate()}
              loading={actions.test.isPending}
              disabled={webhook.state !== 'active'}
            >
              {t('webhook.test')}
            </Button>
            <Button
              variant="default"
              onClick={() => actions.toggle.mutate()}
              loading={actions.toggle.isPending}
            >
              {t(webhook.state === 'active' ? 'webhook.pause' : 'webhook.activate')}
            </Button>
            <Button variant="default" onClick={() => setAsked('change')}>
              {t('webhook.change')}
            </Button>
            <Button variant="default" onClick={() => setAsked('rotate')}>
              {t('webhook.rotate')}
            </Button>
            <Button variant="default" color="red" onClick={() => setAsked('remove')}>
              {t('webhook.remove')}
            </Button>
          </Group>
          <Replay replay={actions.replay} />
        </Stack>
      </Paper>
      <Deliveries webhook={webhook} />
      <Modal opened={asked === 'change'} onClose={close} title={t('webhook.change')} size="lg">
        <WebhookForm
          webhook={webhook}
          enterpriseId={webhook.enterpriseId}
          done={() => {
            close();
            void client.invalidateQueries();
          }}
        />
      </Modal>
      {confirmed && (
        <Modal opened onClose={close} title={t(`webhook.${confirmed}`)}>
          <Stack>
            <Text size="sm">{t(`webhook.${confirmed}Explained`)}</Text>
            <Group justify="flex-end">
              <Button variant="default" onClick={close}>
                {t('webhook.cancel')}
              </Button>
              <Button
                color={confirmed === 'remove' ? 'red' : undefined}
                onClick={() => {
                  close();
                  confirm[confirmed].mutate();
                }}
              >
                {t(`webhook.${confirmed}`)}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}

/** One webhook: whether it works, what it was told, and what can be done about it. */
export function WebhookPage() {
  const { t } = useTranslation();
  const { webhookId } = useParams();
  const query = useThing<WebhookView>(`/webhooks/${webhookId}`);
  return (
    <Page title={query.data?.description || t('webhook.one')}>
      <Loaded query={query}>{(webhook) => <Details webhook={webhook} />}</Loaded>
    </Page>
  );
}
