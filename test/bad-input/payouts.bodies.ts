import {
  confirmationRequest,
  handoverAnswer,
  handoverRequest,
  payeeSettings,
  payoutChange,
  payoutSettings,
  runChange,
  type Order,
} from '@foodshed/contracts';
import { cashHandoverOf, freshCash, iban, sentRunOf } from '../roles/row.js';
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
  'PUT /payees/{ownerKind}/{ownerId}': {
    schema: payeeSettings,
    as: 'producer',
    call: ({ producer }) => ({
      path: `/payees/enterprise/${producer.enterpriseId}`,
      body: { way: { kind: 'iban', iban, accountName: 'Pia' }, minimumMinor: 500, schedule: 'daily' },
    }),
  },
  'PUT /payout-settings': {
    schema: payoutSettings,
    as: 'operator',
    call: () => ({
      path: '/payout-settings',
      body: { debtorName: 'Our network', debtorIban: iban, secondPersonAboveMinor: 100 },
    }),
  },
  'PUT /payout-runs/{runId}/state': {
    schema: runChange,
    as: 'steward',
    call: async (world) => ({
      path: `/payout-runs/${(await sentRunOf(world)).runId}/state`,
      body: { state: 'sent' },
    }),
  },
  'PUT /payouts/{payoutId}/state': {
    schema: payoutChange,
    as: 'steward',
    call: async (world) => ({
      path: `/payouts/${(await sentRunOf(world)).payoutId}/state`,
      body: { state: 'review', reason: 'the bank does not say' },
    }),
  },
};
