import { makePitch, pledge, receive, type Funder } from '../developing.js';
import type { Person } from '../marketplace.js';
import { everybody, people, stewards, stewardsHere, type Row, type World } from './row.js';

/** A pitch of the producer's. */
const freshPitch = ({ producer }: World, goalMinor = 1_000) => makePitch(producer, goalMinor);
const hubOf = ({ hub }: World): Funder => ({ kind: 'enterprise', id: hub.enterpriseId });
/** A transfer that the hub promised to a pitch of the producer's. */
const promised = async (world: World) => {
  const { pitchId } = await freshPitch(world);
  return pledge(world.hub.client, pitchId, { funder: hubOf(world), amountMinor: 1_000, source: 'transfer' });
};
/** A pitch that the hub has funded alone. */
const funded = async (world: World) => {
  const own = await promised(world);
  return receive({ market: world.network, steward: world.steward }, own.pledgeId, 1_000);
};
const evidence = { url: 'https://example.org/release', text: 'It is there.' };
const pitchOf = ({ personId }: Pick<Person, 'personId'>) => ({
  title: 'Labels',
  need: 'Labels with prices',
  audience: 'Producers',
  goalMinor: 1_000,
  currency: 'EUR',
  fundUntil: new Date(Date.now() + 86_400_000).toISOString(),
  deliverBy: new Date(Date.now() + 172_800_000).toISOString(),
  team: [{ kind: 'person' as const, id: personId, shareBps: 10_000 }],
});

/** Pitches, pledges and what comes of them: who may call what. */
export const developersRows: readonly Row[] = [
  { route: 'GET /pitches', may: everybody, call: () => ({ path: '/pitches' }) },
  {
    route: 'GET /pitches/{pitchId}',
    may: everybody,
    call: async (world) => ({ path: `/pitches/${(await freshPitch(world)).pitchId}` }),
  },
  {
    route: 'POST /pitches',
    of: "the producer's team",
    may: ['producer'],
    call: ({ producer }) => ({ path: '/pitches', body: pitchOf(producer) }),
  },
  {
    route: 'POST /pitches/{pitchId}/delivery',
    of: "the producer's",
    may: ['producer'],
    call: async (world) => ({
      path: `/pitches/${(await funded(world)).pitchId}/delivery`,
      body: evidence,
    }),
  },
  {
    route: 'POST /pitches/{pitchId}/withdrawal',
    of: "the producer's",
    may: ['producer'],
    call: async (world) => ({ path: `/pitches/${(await freshPitch(world)).pitchId}/withdrawal` }),
  },
  {
    route: 'GET /pitches/{pitchId}/pledges',
    may: everybody,
    call: async (world) => ({ path: `/pitches/${(await promised(world)).pitchId}/pledges` }),
  },
  {
    route: 'POST /pitches/{pitchId}/pledges',
    of: 'for the hub',
    may: ['hub'],
    call: async (world) => ({
      path: `/pitches/${(await freshPitch(world)).pitchId}/pledges`,
      body: { funder: hubOf(world), amountMinor: 500, source: 'transfer' },
    }),
  },
  {
    route: 'POST /pitches/{pitchId}/pledges',
    of: 'for the instance',
    may: stewardsHere,
    call: async (world) => ({
      path: `/pitches/${(await freshPitch(world)).pitchId}/pledges`,
      body: {
        funder: { kind: 'instance', id: world.network.instanceId },
        amountMinor: 500,
        source: 'transfer',
      },
    }),
  },
  { route: 'GET /pledges', may: people, call: () => ({ path: '/pledges' }) },
  {
    route: 'POST /pledges/{pledgeId}/receipt',
    of: "the hub's",
    may: stewardsHere,
    call: async (world) => ({
      path: `/pledges/${(await promised(world)).pledgeId}/receipt`,
      body: { receivedMinor: 1_000, holder: 'instance-bank' },
    }),
  },
  {
    route: 'POST /pledges/{pledgeId}/withdrawal',
    of: "the hub's",
    may: ['hub'],
    call: async (world) => ({ path: `/pledges/${(await promised(world)).pledgeId}/withdrawal` }),
  },
  {
    route: 'PUT /pledges/{pledgeId}/verdict',
    of: "the hub's",
    may: ['hub'],
    call: async (world) => {
      const { pitchId, pledgeId } = await funded(world);
      await world.producer.client.post(`/pitches/${pitchId}/delivery`, evidence);
      return { path: `/pledges/${pledgeId}/verdict`, body: { verdict: 'accepted' } };
    },
  },
  { route: 'GET /developing/earnings', may: people, call: () => ({ path: '/developing/earnings' }) },
  { route: 'GET /developing/statement', may: stewards, call: () => ({ path: '/developing/statement' }) },
];
