import type { WebhookView } from '@foodshed/contracts';
import { Anchor, Button, Code, Paper, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { Secret } from './secret.js';
import { WebhookForm } from './webhook-form.js';
import { WebhookState } from './webhook-state.js';

/** Where the network, or an enterprise, has programs told what happens. */
export function WebhooksPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const { enterpriseId = null } = useParams();
  const query = useThing<{ items: WebhookView[] }>('/webhooks', { enterpriseId });
  const [isAdding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string>();
  const added = async ({ secret: shown }: { secret?: string }): Promise<void> => {
    setAdding(false);
    setSecret(shown);
    await client.invalidateQueries({ queryKey: ['/webhooks'] });
  };
  return (
    <Page
      title={t('webhook.title')}
      lead={t(enterpriseId ? 'webhook.leadEnterprise' : 'webhook.lead')}
      actions={!isAdding && <Button onClick={() => setAdding(true)}>{t('webhook.new')}</Button>}
    >
      {secret && <Secret secret={secret} />}
      {isAdding && (
        <Paper>
          <Stack>
            <Title order={2} size="h4">
              {t('webhook.new')}
            </Title>
            <WebhookForm enterpriseId={enterpriseId} done={(webhook) => void added(webhook)} />
          </Stack>
        </Paper>
      )}
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={t('webhook.none')}>{t('webhook.noneNext')}</Nothing>
          ) : (
            <Paper>
              <DataTable
                rows={items}
                keyOf={({ webhookId }) => webhookId}
                columns={[
                  {
                    title: t('webhook.url'),
                    cell: ({ webhookId, url, description }) => (
                      <>
                        <Anchor component={Link} to={`/webhooks/${webhookId}`} size="sm">
                          {description || url}
                        </Anchor>
                        {description && (
                          <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
                            {url}
                          </Text>
                        )}
                      </>
                    ),
                  },
                  { title: t('webhook.state'), cell: ({ state }) => <WebhookState state={state} /> },
                  {
                    title: t('webhook.waiting'),
                    isAmount: true,
                    cell: ({ waiting }) => format.number(waiting),
                  },
                  {
                    title: t('webhook.lastDelivered'),
                    cell: ({ lastDeliveredAt }) =>
                      lastDeliveredAt ? format.dateTime(lastDeliveredAt) : t('webhook.never'),
                  },
                ]}
              />
            </Paper>
          )
        }
      </Loaded>
      <Text size="sm" c="dimmed">
        {t('webhook.verify')} <Code>standardwebhooks</Code>
      </Text>
    </Page>
  );
}
