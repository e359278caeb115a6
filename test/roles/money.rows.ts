import { modelSource } from '../marketplace.js';
import { at, everybody, get, people, stewards, stewardsHere, strangers, type Row } from './row.js';

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
