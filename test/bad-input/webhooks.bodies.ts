import { changeWebhookBody, createWebhookBody, replayBody, type WebhookView } from '@foodshed/contracts';
import type { World } from '../roles/row.js';
import type { Body } from './body.js';

const webhook = {
  url: 'http://127.0.0.1:9/',
  description: 'Of a test',
  types: ['cycle.opened', 'order.paid'],
};
/** Of another enterprise than those that are posted: an owner has ten at most. */
const made = async ({ hub }: World): Promise<string> => {
  const body = { ...webhook, enterpriseId: hub.enterpriseId };
  const { webhookId } = await hub.client.post<WebhookView>('/webhooks', body);
  return `/webhooks/${webhookId}`;
};

/** Bodies about webhooks, with as many fields as they may have. */
export const webhooksBodies: Readonly<Record<string, Body>> = {
  'POST /webhooks': {
    schema: createWebhookBody,
    as: 'otherHub',
    call: ({ otherHub }) => ({
      path: '/webhooks',
      body: { ...webhook, enterpriseId: otherHub.enterpriseId },
    }),
  },
  'PATCH /webhooks/{webhookId}': {
    schema: changeWebhookBody,
    as: 'hub',
    call: async (world) => ({ path: await made(world), body: { ...webhook, state: 'paused' } }),
  },
  'POST /webhooks/{webhookId}/replay': {
    schema: replayBody,
    as: 'hub',
    call: async (world) => ({
      path: `${await made(world)}/replay`,
      body: { since: '2026-01-01T00:00:00.000Z', onlyFailed: true },
    }),
  },
};
