import { randomUUID } from 'node:crypto';

/** What a household puts beside the price, week by week, in minor units; some weeks nothing. */
const cents = [500, 0, 300, 500, 1000, 0, 500, 1500];
const words = [
  'For the new greenhouse. Your lettuce carried us through spring.',
  'Thank you for the mornings you get up at four.',
  'The frost was not your fault. Keep planting.',
];

/** Cash that buyers leave in their hub for producers: promised, handed over, recorded by the hub. */
export async function giveInWeek(worlds, week) {
  const amountMinor = cents[week % cents.length];
  if (amountMinor === 0) return;
  for (const { hubs, producers, buyers } of worlds.slice(0, 2)) {
    const givers = buyers.filter(({ api, hubIndex }) => api && hubIndex === 0).slice(0, 1 + (week % 3));
    for (const [index, giver] of givers.entries()) {
      await cash(giver, hubs[0], {
        receiver: enterprise(producers[index]),
        amountMinor,
        message: week % 2 === 0 ? words[index % words.length] : '',
        isUnnamed: index === 1,
      });
    }
  }
}

/** Out of what people earned here, to each other and to a team; with an answer that says what came of a gift. */
export async function giveNow({ worlds, developer }) {
  const [{ steward, hubs, producers }] = worlds;
  const [hub] = hubs;
  const [producer] = producers;
  const [manager] = hub.managers;
  await give(manager, {
    giver: enterprise(hub),
    receiver: { kind: 'person', id: developer.personId },
    amountMinor: 1_000,
    message: 'Since the packing list works without a connection, we are done by six.',
  });
  const { items: pitches } = await steward.api.get('/pitches?stage=open');
  const own = pitches.find(({ team }) => team.some(({ id }) => id === developer.personId));
  if (own) {
    await give(manager, {
      giver: enterprise(hub),
      receiver: { kind: 'pitch', id: own.pitchId },
      amountMinor: 500,
    });
  }
  const grower = producer.managers[0];
  const { items: received } = await grower.api.get('/gifts/received?limit=200');
  const first = received.at(-1);
  if (!first) return;
  const answer = 'It became the door of the new greenhouse. Come and see it on the first Saturday in May.';
  await grower.api.put(`/gifts/${first.giftId}/answer`, { answer });
}

const enterprise = ({ enterpriseId }) => ({ kind: 'enterprise', id: enterpriseId });

function give(by, gift) {
  return by.api.post('/gifts', { source: 'balance', ...gift }, randomUUID());
}

async function cash(by, hub, gift) {
  const giver = { kind: 'person', id: by.personId };
  const { giftId } = await give(by, { giver, source: 'cash', hubId: hub.enterpriseId, ...gift });
  const receipt = { receivedMinor: gift.amountMinor, holder: 'hub-till' };
  await hub.managers[0].api.post(`/gifts/${giftId}/receipt`, receipt, randomUUID());
}
