import type { WebhookDelivery, WebhookView } from '@foodshed/contracts';
import { get, stewards, stewardsHere, type Probe, type Row, type World } from './row.js';

const body = { url: 'http://127.0.0.1:9/', description: 'Of a test', types: ['cycle.opened'] };
/** A webhook of the instance's that was tried. Each is removed again, since an owner has ten at most. */
const tried = async ({ steward, network }: World) => {
  const { items } = await steward.client.get<{ items: WebhookView[] }>('/webhooks');
  for (const { webhookId } of items.slice(0, -3)) await network.operator.delete(`/webhooks/${webhookId}`);
  const { webhookId } = await steward.client.post<WebhookView>('/webhooks', body);
  const { deliveryId } = await steward.client.post<WebhookDelivery>(`/webhooks/${webhookId}/test`);
  return { webhook: `/webhooks/${webhookId}`, delivery: `/webhooks/${webhookId}/deliveries/${deliveryId}` };
};
/** On the instance's webhook. */
const on =
  (part: (paths: { webhook: string; delivery: string }) => string, sent?: object) =>
  async (world: World): Promise<Probe> => ({ path: part(await tried(world)), body: sent });

/** Webhooks: who may call what. */
export const webhooksRows: readonly Row[] = [
  { route: 'GET /webhooks', of: 'the instance', may: stewards, call: get('/webhooks') },
  {
    route: 'GET /webhooks',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/webhooks?enterpriseId=${hub.enterpriseId}` }),
  },
  {
    route: 'POST /webhooks',
    of: 'the instance',
    may: stewards,
    call: async (world) => (await tried(world), { path: '/webhooks', body }),
  },
  {
    route: 'POST /webhooks',
    of: 'the hub',
    may: ['hub'],
    call: ({ hub }) => ({ path: '/webhooks', body: { ...body, enterpriseId: hub.enterpriseId } }),
  },
  { route: 'GET /webhooks/{webhookId}', may: stewardsHere, call: on(({ webhook }) => webhook) },
  {
    route: 'PATCH /webhooks/{webhookId}',
    may: stewardsHere,
    call: on(({ webhook }) => webhook, { state: 'paused' }),
  },
  { route: 'DELETE /webhooks/{webhookId}', may: stewardsHere, call: on(({ webhook }) => webhook) },
  {
    route: 'POST /webhooks/{webhookId}/secret',
    may: stewardsHere,
    call: on(({ webhook }) => `${webhook}/secret`, {}),
  },
  {
    route: 'POST /webhooks/{webhookId}/test',
    may: stewardsHere,
    call: on(({ webhook }) => `${webhook}/test`, {}),
  },
  {
    route: 'POST /webhooks/{webhookId}/replay',
    may: stewardsHere,
    call: on(({ webhook }) => `${webhook}/replay`, { since: '2026-01-01T00:00:00.000Z' }),
  },
  {
    route: 'GET /webhooks/{webhookId}/deliveries',
    may: stewardsHere,
    call: on(({ webhook }) => `${webhook}/deliveries`),
  },
  {
    route: 'GET /webhooks/{webhookId}/deliveries/{deliveryId}',
    may: stewardsHere,
    call: on(({ delivery }) => delivery),
  },
  {
    route: 'POST /webhooks/{webhookId}/deliveries/{deliveryId}/replay',
    may: stewardsHere,
    call: on(({ delivery }) => `${delivery}/replay`, {}),
  },
];
