import { give } from '../giving.js';
import { people, stewards, stewardsHere, type Row, type World } from './row.js';

const farmOf = ({ producer }: World) => ({ kind: 'enterprise' as const, id: producer.enterpriseId });
const hubOf = ({ hub }: World) => ({ kind: 'enterprise' as const, id: hub.enterpriseId });
const gift = (world: World) => ({ giver: hubOf(world), receiver: farmOf(world), amountMinor: 100 });
/** A transfer, or cash at the other hub, that the hub promised to the producer. */
const transfer = (world: World) => give(world.hub.client, { ...gift(world), source: 'transfer' });
const cash = (world: World) =>
  give(world.hub.client, { ...gift(world), source: 'cash', hubId: world.otherHub.enterpriseId });
/** Cash of the hub's that came to the producer. */
const given = async (world: World) => {
  const { giftId } = await cash(world);
  const body = { receivedMinor: 100, holder: 'hub-till' };
  await world.otherHub.client.post(`/gifts/${giftId}/receipt`, body);
  return giftId;
};

/** Gifts and what came of them: who may call what. */
export const contributionsRows: readonly Row[] = [
  {
    route: 'POST /gifts',
    of: 'for the hub',
    may: ['hub'],
    call: (world) => ({ path: '/gifts', body: { ...gift(world), source: 'transfer' } }),
  },
  {
    route: 'POST /gifts',
    of: 'for the instance',
    may: stewardsHere,
    call: (world) => ({
      path: '/gifts',
      body: { ...gift(world), giver: { kind: 'instance', id: world.network.instanceId }, source: 'transfer' },
    }),
  },
  { route: 'GET /gifts/given', may: people, call: () => ({ path: '/gifts/given' }) },
  { route: 'GET /gifts/received', may: people, call: () => ({ path: '/gifts/received' }) },
  { route: 'GET /gifts/received/summary', may: people, call: () => ({ path: '/gifts/received/summary' }) },
  { route: 'GET /gifts/promised', may: people, call: () => ({ path: '/gifts/promised' }) },
  {
    route: 'POST /gifts/{giftId}/receipt',
    of: 'a transfer',
    may: stewardsHere,
    call: async (world) => ({
      path: `/gifts/${(await transfer(world)).giftId}/receipt`,
      body: { receivedMinor: 100, holder: 'instance-bank' },
    }),
  },
  {
    route: 'POST /gifts/{giftId}/receipt',
    of: "cash at the other hub's",
    may: ['otherHub'],
    call: async (world) => ({
      path: `/gifts/${(await cash(world)).giftId}/receipt`,
      body: { receivedMinor: 100, holder: 'hub-till' },
    }),
  },
  {
    route: 'POST /gifts/{giftId}/withdrawal',
    of: "the hub's",
    may: ['hub'],
    call: async (world) => ({ path: `/gifts/${(await transfer(world)).giftId}/withdrawal` }),
  },
  {
    route: 'PUT /gifts/{giftId}/answer',
    of: 'to the producer',
    may: ['producer'],
    call: async (world) => ({
      path: `/gifts/${await given(world)}/answer`,
      body: { answer: 'It became a greenhouse.' },
    }),
  },
  {
    route: 'POST /gifts/{giftId}/return',
    of: 'to the producer',
    may: ['producer'],
    call: async (world) => ({ path: `/gifts/${await given(world)}/return`, body: { payee: farmOf(world) } }),
  },
  { route: 'GET /contributing/statement', may: stewards, call: () => ({ path: '/contributing/statement' }) },
];
