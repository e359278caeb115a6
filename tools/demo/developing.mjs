import { randomUUID } from 'node:crypto';
import { giveToken, register } from './settle.mjs';

const DAY_MS = 86_400_000;
const inDays = (days) => new Date(Date.now() + days * DAY_MS).toISOString();

/** Whom `npm start` shows how developing works: on a team, with something open, delivered and paid. */
export function developerOf([world]) {
  return { displayName: 'Dorle Finkwald', email: 'developer@lindental.example', instance: world.instance };
}

/** Fills the board: one pitch is paid, one waits for its funders' word, one is open, and one is in pounds. */
export async function pitchAndFund({ api, worlds, developer }) {
  const [first, second, third] = worlds;
  await register(api, first.operator, developer);
  await giveToken(developer);
  const ids = await instanceIds(api, [first, second]);
  await paidPitch({ first, second, developer, ids });
  await deliveredPitch({ second, developer, ids });
  await openPitch({ first, second, developer, ids });
  const [{ managers }] = third.producers;
  await make(managers[0], {
    title: 'Frost warnings for growers',
    need: 'A message in the evening when the night will be cold, so that the fleece goes on in time.',
    audience: 'Everybody who grows outdoors in the fens.',
    goalMinor: 60_000,
    currency: 'GBP',
  });
}

/** Two networks share it equally, by transfers; it was delivered and accepted. */
async function paidPitch({ first, second, developer, ids }) {
  const pitch = await make(developer, {
    title: 'Packing lists that work without a connection',
    need: 'At a market stall there is often no connection. The packing list is kept on the phone, ticked off there, and sent once there is one.',
    audience: 'Producers who bring their goods to a hand-over, and hubs that receive them.',
    goalMinor: 120_001,
    askedInstanceIds: ids,
  });
  const pledges = [];
  for (const [index, { steward }] of [first, second].entries()) {
    const { amountMinor } = pitch.asks[index];
    pledges.push(await transfer(steward, pitch, { instanceId: ids[index], amountMinor }));
  }
  await deliver(developer, pitch, 'The list is in the packing page of version 0.1.');
  await first.steward.api.put(`/pledges/${pledges[0].pledgeId}/verdict`, { verdict: 'accepted' });
}

/** One network paid for it and has two weeks to look. */
async function deliveredPitch({ second, developer, ids }) {
  const pitch = await make(developer, {
    title: 'Statements that a bookkeeper’s program reads',
    need: 'Each month’s statement as a file that bookkeeping programs import, with an account for each line.',
    audience: 'Hubs and producers who do their books themselves.',
    goalMinor: 80_000,
  });
  await transfer(second.steward, pitch, { instanceId: ids[1], amountMinor: 80_000 });
  await deliver(developer, pitch, 'A first file, with a description of its columns.');
}

/** A hub and a network's administration have pledged out of what they earned; a transfer is still to come. */
async function openPitch({ first, second, developer, ids }) {
  const { pitchId } = await make(developer, {
    title: 'Labels with prices and weights',
    need: 'Labels to print on market day: product, weight, price per kilo and who grew it.',
    audience: 'Hubs with a counter, and producers who pack by weight.',
    goalMinor: 200_000,
    askedInstanceIds: ids,
  });
  const path = `/pitches/${pitchId}/pledges`;
  const [hub] = first.hubs;
  const ofNetwork = (index) => ({ kind: 'instance', id: ids[index] });
  const pledge = (by, body) => by.api.post(path, body, randomUUID());
  await pledge(first.steward, { funder: ofNetwork(0), amountMinor: 10_000, source: 'administration' });
  const funder = { kind: 'enterprise', id: hub.enterpriseId };
  await pledge(hub.managers[0], { funder, amountMinor: 2_500, source: 'balance' });
  await pledge(second.steward, { funder: ofNetwork(1), amountMinor: 100_000, source: 'transfer' });
}

function make(maker, pitch) {
  const body = {
    currency: 'EUR',
    fundUntil: inDays(30),
    deliverBy: inDays(90),
    team: [{ kind: 'person', id: maker.personId, shareBps: 10_000 }],
    ...pitch,
  };
  return maker.api.post('/pitches', body, randomUUID());
}

/** A network promises a transfer, and its steward records that it came. */
async function transfer(steward, { pitchId }, { instanceId, amountMinor }) {
  const body = { funder: { kind: 'instance', id: instanceId }, amountMinor, source: 'transfer' };
  const { pledgeId } = await steward.api.post(`/pitches/${pitchId}/pledges`, body, randomUUID());
  const receipt = { receivedMinor: amountMinor, holder: 'instance-bank' };
  return steward.api.post(`/pledges/${pledgeId}/receipt`, receipt, randomUUID());
}

function deliver(developer, { pitchId }, text) {
  const evidence = { url: 'https://foodshed.example/releases', text };
  return developer.api.post(`/pitches/${pitchId}/delivery`, evidence);
}

async function instanceIds(api, worlds) {
  const { items } = await api.get('/instances');
  return worlds.map(({ instance }) => items.find(({ slug }) => slug === instance.slug).id);
}
