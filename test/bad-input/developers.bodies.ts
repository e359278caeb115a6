import { deliveryBody, newPitch, pledgeBody, receiptBody, verdictBody } from '@foodshed/contracts';
import { makePitch, pledge, receive } from '../developing.js';
import { at, type World } from '../roles/row.js';
import type { Body } from './body.js';

const goal = (world: World) => makePitch(world.producer, 1_000);
const funderOf = ({ hub }: World) => ({ kind: 'enterprise' as const, id: hub.enterpriseId });
const promised = async (world: World) => {
  const { pitchId } = await goal(world);
  const body = { funder: funderOf(world), amountMinor: 1_000, source: 'transfer' as const };
  return pledge(world.hub.client, pitchId, body);
};
const funded = async (world: World) => {
  const { pledgeId } = await promised(world);
  return receive({ market: world.network, steward: world.steward }, pledgeId, 1_000);
};

/** Bodies about pitches and pledges, with as many fields as they may have. */
export const developersBodies: Readonly<Record<string, Body>> = {
  'POST /pitches': {
    schema: newPitch,
    as: 'producer',
    call: ({ network, producer, otherHub, otherBuyer }) => ({
      path: '/pitches',
      body: {
        title: 'Labels',
        need: 'Labels with prices',
        audience: 'Producers',
        goalMinor: 10_000,
        currency: 'EUR',
        fundUntil: at(10),
        deliverBy: at(40),
        reviewDays: 10,
        team: [
          { kind: 'person', id: producer.personId, shareBps: 5_000 },
          { kind: 'enterprise', id: otherHub.enterpriseId, shareBps: 3_000 },
          { kind: 'person', id: otherBuyer.personId, shareBps: 2_000 },
        ],
        askedInstanceIds: [network.instanceId],
      },
    }),
  },
  'POST /pitches/{pitchId}/delivery': {
    schema: deliveryBody,
    as: 'producer',
    call: async (world) => ({
      path: `/pitches/${(await funded(world)).pitchId}/delivery`,
      body: { url: 'https://example.org/release', text: 'It is there.' },
    }),
  },
  'POST /pitches/{pitchId}/pledges': {
    schema: pledgeBody,
    as: 'hub',
    call: async (world) => ({
      path: `/pitches/${(await goal(world)).pitchId}/pledges`,
      body: { funder: funderOf(world), amountMinor: 10, source: 'transfer' },
    }),
  },
  'POST /pledges/{pledgeId}/receipt': {
    schema: receiptBody,
    as: 'steward',
    call: async (world) => ({
      path: `/pledges/${(await promised(world)).pledgeId}/receipt`,
      body: { receivedMinor: 1_000, holder: 'provider' },
    }),
  },
  'PUT /pledges/{pledgeId}/verdict': {
    schema: verdictBody,
    as: 'hub',
    call: async (world) => ({
      path: `/pledges/${(await promised(world)).pledgeId}/verdict`,
      body: { verdict: 'accepted' },
    }),
  },
};
