import { confirmationRequest, handoverAnswer, handoverRequest, type Order } from '@foodshed/contracts';
import { cashHandoverOf, freshCash } from '../roles/row.js';
import type { Body } from './body.js';

/** Bodies about money that is confirmed and paid out. */
export const payoutsBodies: Readonly<Record<string, Body>> = {
  'POST /captures/confirmations': {
    schema: confirmationRequest,
    as: 'steward',
    call: async ({ buyer, paidOrderId }) => {
      const { captures } = await buyer.client.get<Order>(`/orders/${paidOrderId}`);
      return {
        path: '/captures/confirmations',
        body: { captureIds: captures.map(({ captureId }) => captureId) },
      };
    },
  },
  'POST /hubs/{hubId}/cash-handovers': {
    schema: handoverRequest,
    as: 'hub',
    call: async (world) => ({
      path: `/hubs/${world.hub.enterpriseId}/cash-handovers`,
      body: { captureIds: [await freshCash(world)] },
    }),
  },
  'PUT /cash-handovers/{handoverId}/state': {
    schema: handoverAnswer,
    as: 'steward',
    call: async (world) => ({
      path: `/cash-handovers/${await cashHandoverOf(world)}/state`,
      body: { state: 'refused' },
    }),
  },
};
