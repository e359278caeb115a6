import { shortName, email, everybody, get, people, stewards, stewardsHere, type Row } from './row.js';

/** Admin: who may call what. */
export const adminRows: readonly Row[] = [
  { route: 'GET /instances', may: everybody, call: get('/instances') },
  {
    route: 'POST /instances',
    may: ['operator'],
    call: () => ({
      path: '/instances',
      body: {
        slug: shortName('new'),
        name: 'New',
        currency: 'EUR',
        timeZone: 'Europe/Lisbon',
        locales: ['en'],
      },
    }),
  },
  {
    route: 'GET /instances/{slug}',
    may: everybody,
    call: ({ network }) => ({ path: `/instances/${network.slug}` }),
  },
  {
    route: 'POST /people',
    may: everybody,
    call: () => ({
      path: '/people',
      body: { displayName: 'Somebody', email: email(), password: 'a long enough secret' },
    }),
  },
  { route: 'GET /people', may: stewards, call: get('/people') },
  {
    route: 'DELETE /people/{personId}',
    of: 'somebody else',
    may: stewardsHere,
    call: async ({ network }) => {
      const { personId } = await network.person('Leaving Person');
      return { path: `/people/${personId}` };
    },
  },
  {
    route: 'PUT /people/{personId}/roles',
    may: stewardsHere,
    call: ({ otherBuyer }) => ({ path: `/people/${otherBuyer.personId}/roles`, body: { roles: [] } }),
  },
  {
    route: 'POST /invitations',
    may: stewards,
    call: () => ({ path: '/invitations', body: { displayName: 'Guest', email: email() } }),
  },
  {
    route: 'POST /invitations/acceptances',
    may: everybody,
    call: async ({ steward }) => {
      const guest = { displayName: 'Guest', email: email() };
      const { invitation } = await steward.client.post<{ invitation: string }>('/invitations', guest);
      return { path: '/invitations/acceptances', body: { invitation, password: 'a long enough secret' } };
    },
  },
  {
    route: 'POST /me/email-verification',
    may: people,
    call: () => ({ path: '/me/email-verification', body: {} }),
  },
  {
    route: 'POST /email-verifications',
    of: 'a secret that is nobody’s',
    may: [],
    call: () => ({ path: '/email-verifications', body: { secret: 'x'.repeat(43) } }),
  },
  { route: 'GET /me', may: people, call: get('/me') },
  { route: 'PATCH /me', may: people, call: () => ({ path: '/me', body: { displayName: 'Another Name' } }) },
  { route: 'GET /api-tokens', may: people, call: get('/api-tokens') },
  { route: 'POST /api-tokens', may: people, call: () => ({ path: '/api-tokens', body: { name: 'till' } }) },
  {
    route: 'DELETE /api-tokens/{apiTokenId}',
    of: "the buyer's",
    may: ['buyer'],
    call: async ({ buyer }) => {
      const { apiTokenId } = await buyer.client.post<{ apiTokenId: string }>('/api-tokens', {
        name: 'short',
      });
      return { path: `/api-tokens/${apiTokenId}` };
    },
  },
  { route: 'GET /dashboard', may: stewards, call: get('/dashboard') },
  {
    route: 'GET /dashboard/live',
    may: stewards,
    call: () => ({ path: '/dashboard/live', isStream: true }),
  },
  { route: 'GET /administration/statement', may: stewards, call: get('/administration/statement') },
  { route: 'GET /audit', may: stewards, call: get('/audit') },
  { route: 'GET /system/health', may: stewards, call: get('/system/health') },
  { route: 'GET /system/operations', may: ['operator'], call: get('/system/operations') },
  { route: 'GET /system/dead-letters', may: ['operator'], call: get('/system/dead-letters') },
  {
    route: 'POST /system/dead-letters/{sequence}/replay',
    of: 'a place where nothing is',
    may: [],
    call: () => ({ path: '/system/dead-letters/999999999/replay', body: {} }),
  },
  { route: 'GET /system/reconciliations', may: ['operator'], call: get('/system/reconciliations') },
  {
    route: 'POST /system/reconciliations',
    may: ['operator'],
    call: () => ({ path: '/system/reconciliations', body: {} }),
  },
  {
    route: 'POST /system/clock',
    may: ['operator'],
    call: ({ clockOffsetMs }) => ({ path: '/system/clock', body: { offsetMs: clockOffsetMs } }),
  },
];
