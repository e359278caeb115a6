import { randomUUID } from 'node:crypto';
import { modelSource } from '../marketplace.js';
import {
  at,
  cashHandoverOf,
  everybody,
  get,
  people,
  stewards,
  stewardsHere,
  strangers,
  type Row,
} from './row.js';

/** Money: who may call what. */
export const moneyRows: readonly Row[] = [
  {
    route: 'GET /orders/{orderId}/splits',
    may: ['buyer', 'hub', 'producer', ...stewardsHere],
    seesNothing: strangers,
    call: ({ paidOrderId }) => ({ path: `/orders/${paidOrderId}/splits` }),
  },
  {
    route: 'GET /splits/{splitId}/explanation',
    may: ['buyer', 'hub', 'producer', ...stewardsHere],
    call: ({ splitId }) => ({ path: `/splits/${splitId}/explanation` }),
  },
  { route: 'GET /network-models', may: everybody, call: get('/network-models') },
  {
    route: 'POST /network-models',
    may: stewards,
    call: () => ({ path: '/network-models', body: { source: modelSource, takesEffectAt: at(1) } }),
  },
  {
    route: 'POST /network-models/checks',
    may: people,
    call: () => ({ path: '/network-models/checks', body: { source: modelSource } }),
  },
  {
    route: 'POST /network-models/simulations',
    may: stewards,
    call: () => ({
      path: '/network-models/simulations',
      body: { source: modelSource, month: new Date().toISOString().slice(0, 7) },
    }),
  },
  {
    route: 'POST /network-models/{version}/approval',
    of: 'one in force, approved by the stewards of the instance',
    may: stewards,
    call: () => ({ path: '/network-models/1/approval', body: {} }),
  },
  {
    route: 'GET /network-models/{version}/value-flows',
    may: everybody,
    call: get('/network-models/1/value-flows'),
  },
  { route: 'GET /network-models/in-force', may: everybody, call: get('/network-models/in-force') },
  { route: 'GET /network-models/{version}', may: everybody, call: get('/network-models/1') },
  {
    route: 'GET /accounts',
    of: "the hub's",
    may: ['hub', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: ({ hub }) => ({ path: `/accounts?ownerKind=enterprise&ownerId=${hub.enterpriseId}` }),
  },
  ...['', '/entries', `/statement?month=${new Date().toISOString().slice(0, 7)}`].map((rest): Row => ({
    route: `GET /accounts/{accountId}${rest.split('?')[0]}`,
    of: "the hub's",
    may: ['hub', ...stewardsHere],
    call: ({ accountId }) => ({ path: `/accounts/${accountId}${rest}` }),
  })),
  {
    route: 'GET /orders/{orderId}/entries',
    may: ['hub', 'producer', ...stewardsHere],
    seesNothing: ['buyer', 'otherBuyer', 'otherHub', 'otherProducer', ...strangers],
    call: ({ paidOrderId }) => ({ path: `/orders/${paidOrderId}/entries` }),
  },
  {
    route: 'GET /captures/unconfirmed',
    of: 'in the bank',
    may: stewards,
    call: get('/captures/unconfirmed'),
  },
  {
    route: 'GET /captures/unconfirmed',
    of: "in the hub's till",
    may: ['hub', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: ({ hub }) => ({ path: `/captures/unconfirmed?hubId=${hub.enterpriseId}` }),
  },
  {
    route: 'POST /captures/confirmations',
    may: stewards,
    call: () => ({ path: '/captures/confirmations', body: { captureIds: [randomUUID()] } }),
  },
  {
    route: 'POST /hubs/{hubId}/cash-handovers',
    may: ['hub'],
    call: ({ hub }) => ({
      path: `/hubs/${hub.enterpriseId}/cash-handovers`,
      body: { captureIds: [randomUUID()] },
    }),
  },
  {
    route: 'GET /cash-handovers',
    of: "the hub's",
    may: ['hub', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: async (world) => {
      await cashHandoverOf(world);
      return { path: `/cash-handovers?hubId=${world.hub.enterpriseId}` };
    },
  },
  {
    route: 'PUT /cash-handovers/{handoverId}/state',
    may: stewardsHere,
    call: async (world) => ({
      path: `/cash-handovers/${await cashHandoverOf(world)}/state`,
      body: { state: 'refused' },
    }),
  },
  { route: 'GET /ledger/head', may: everybody, call: get('/ledger/head') },
  {
    route: 'GET /value-map',
    of: 'functions, in months that are over',
    may: everybody,
    call: get('/value-map'),
  },
  { route: 'GET /value-map', of: 'every hub', may: stewards, call: get('/value-map?level=hubs') },
  {
    route: 'GET /value-map',
    of: "the hub's own",
    may: ['hub', ...stewards],
    call: ({ hub }) => ({ path: `/value-map?enterpriseId=${hub.enterpriseId}` }),
  },
  {
    route: 'GET /value-map/entries',
    of: "the hub's own",
    may: ['hub', ...stewards],
    call: ({ hub }) => ({
      path: `/value-map/entries?enterpriseId=${hub.enterpriseId}&giver=buyers&receiver=enterprise:${hub.enterpriseId}&line=hub-fee`,
    }),
  },
  { route: 'GET /ledger/trial-balance', may: ['operator'], call: get('/ledger/trial-balance') },
  { route: 'GET /ledger/totals', may: ['operator'], call: get('/ledger/totals') },
  { route: 'GET /ledger/refusals', may: ['operator'], call: get('/ledger/refusals') },
];
