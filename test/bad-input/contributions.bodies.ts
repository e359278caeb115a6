import { giftAnswerBody, giftBody, giftReceiptBody, giftReturnBody } from '@foodshed/contracts';
import { give } from '../giving.js';
import type { World } from '../roles/row.js';
import type { Body } from './body.js';

const cashOf = (world: World) => ({
  giver: { kind: 'enterprise' as const, id: world.hub.enterpriseId },
  receiver: { kind: 'enterprise' as const, id: world.producer.enterpriseId },
  amountMinor: 100,
  platformPartMinor: 5,
  source: 'cash' as const,
  hubId: world.otherHub.enterpriseId,
  message: 'For the greenhouse',
  isUnnamed: true,
});
const promised = (world: World) => give(world.hub.client, cashOf(world));

/** Bodies about gifts, with as many fields as they may have. */
export const contributionsBodies: Readonly<Record<string, Body>> = {
  'POST /gifts': {
    schema: giftBody,
    as: 'hub',
    call: (world) => ({ path: '/gifts', body: cashOf(world) }),
  },
  'POST /gifts/{giftId}/receipt': {
    schema: giftReceiptBody,
    as: 'otherHub',
    call: async (world) => ({
      path: `/gifts/${(await promised(world)).giftId}/receipt`,
      body: { receivedMinor: 100, holder: 'hub-till' },
    }),
  },
  'POST /gifts/{giftId}/return': {
    schema: giftReturnBody,
    as: 'producer',
    call: async (world) => {
      const { giftId } = await promised(world);
      await world.otherHub.client.post(`/gifts/${giftId}/receipt`, {
        receivedMinor: 100,
        holder: 'hub-till',
      });
      const payee = { kind: 'enterprise', id: world.producer.enterpriseId };
      return { path: `/gifts/${giftId}/return`, body: { payee } };
    },
  },
  'PUT /gifts/{giftId}/answer': {
    schema: giftAnswerBody,
    as: 'producer',
    call: async (world) => {
      const { giftId } = await promised(world);
      await world.otherHub.client.post(`/gifts/${giftId}/receipt`, {
        receivedMinor: 100,
        holder: 'hub-till',
      });
      return { path: `/gifts/${giftId}/answer`, body: { answer: 'It became a greenhouse.' } };
    },
  },
};
