import { get, iban, sentRunOf, stewards, stewardsHere, type Row } from './row.js';

/** Payouts: who may call what. */
export const payoutsRows: readonly Row[] = [
  {
    route: 'GET /payees/{ownerKind}/{ownerId}',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/payees/enterprise/${hub.enterpriseId}` }),
  },
  {
    route: 'PUT /payees/{ownerKind}/{ownerId}',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({
      path: `/payees/enterprise/${hub.enterpriseId}`,
      body: { way: { kind: 'manual' }, minimumMinor: 100_000, schedule: 'monthly' },
    }),
  },
  {
    route: 'GET /payouts',
    of: "the producer's",
    may: ['producer', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: async (world) => {
      await sentRunOf(world);
      return { path: `/payouts?ownerKind=enterprise&ownerId=${world.producer.enterpriseId}` };
    },
  },
  {
    route: 'PUT /payouts/{payoutId}/state',
    may: stewardsHere,
    call: async (world) => ({
      path: `/payouts/${(await sentRunOf(world)).payoutId}/state`,
      body: { state: 'review' },
    }),
  },
  { route: 'GET /payout-settings', may: stewards, call: get('/payout-settings') },
  {
    route: 'PUT /payout-settings',
    may: ['operator'],
    call: () => ({
      path: '/payout-settings',
      body: { debtorName: 'Our network', debtorIban: iban, secondPersonAboveMinor: 0 },
    }),
  },
  { route: 'POST /payout-runs', may: stewards, call: () => ({ path: '/payout-runs', body: {} }) },
  { route: 'GET /payout-runs', may: stewards, call: get('/payout-runs') },
  ...['', '/file'].map((rest): Row => ({
    route: `GET /payout-runs/{runId}${rest}`,
    may: stewardsHere,
    call: async (world) => ({ path: `/payout-runs/${(await sentRunOf(world)).runId}${rest}` }),
  })),
  {
    route: 'PUT /payout-runs/{runId}/state',
    may: stewardsHere,
    call: async (world) => ({
      path: `/payout-runs/${(await sentRunOf(world)).runId}/state`,
      body: { state: 'sent' },
    }),
  },
];
