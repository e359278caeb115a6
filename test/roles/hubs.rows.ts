import {
  shortName,
  email,
  everybody,
  freshInvitation,
  get,
  here,
  people,
  peopleHere,
  stewardsHere,
  strangers,
  type Row,
  type World,
} from './row.js';

const freshIntroduction = async (world: World) => {
  const somebody = await world.network.person('Introduced Person');
  await somebody.client.post(`/referral-links/${world.referralCode}/uses`);
  const body = { producerId: world.producer.enterpriseId, buyer: { kind: 'person', id: somebody.personId } };
  return world.hub.client.post<{ introductionId: string }>(
    `/hubs/${world.hub.enterpriseId}/introductions`,
    body,
  );
};

/** Hubs: who may call what. */
export const hubsRows: readonly Row[] = [
  { route: 'GET /enterprises', may: everybody, call: get('/enterprises') },
  { route: 'GET /hubs', may: everybody, call: get('/hubs') },
  { route: 'GET /producers', may: everybody, call: get('/producers') },
  {
    route: 'POST /enterprises',
    may: people,
    call: () => ({
      path: '/enterprises',
      body: {
        name: shortName('Orchard'),
        isHub: false,
        isProducer: true,
        contact: { name: 'Somebody', email: email(), phone: null },
      },
    }),
  },
  {
    route: 'GET /enterprises/{id}',
    may: here,
    call: ({ hub }) => ({ path: `/enterprises/${hub.enterpriseId}` }),
  },
  {
    route: 'PATCH /enterprises/{id}',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/enterprises/${hub.enterpriseId}`, body: { description: 'Fridays' } }),
  },
  {
    route: 'GET /enterprises/{id}/managers',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/enterprises/${hub.enterpriseId}/managers` }),
  },
  {
    route: 'PUT /enterprises/{id}/managers',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({
      path: `/enterprises/${hub.enterpriseId}/managers`,
      body: { managers: [{ personId: hub.personId, shareBps: 10_000 }] },
    }),
  },
  {
    route: 'DELETE /enterprises/{id}/managers/me',
    of: "a hub that the hub's manager and the other buyer manage",
    may: ['hub', 'otherBuyer'],
    call: async ({ network, hub, otherBuyer }) => {
      const enterpriseId = await network.enterprise(hub, shortName('Hub'), 'hub');
      await network.join(enterpriseId, hub, otherBuyer);
      return { path: `/enterprises/${enterpriseId}/managers/me` };
    },
  },
  {
    route: 'GET /enterprises/{id}/manager-invitations',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/enterprises/${hub.enterpriseId}/manager-invitations` }),
  },
  {
    route: 'POST /enterprises/{id}/manager-invitations',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({
      path: `/enterprises/${hub.enterpriseId}/manager-invitations`,
      body: { email: 'the.same.address@example.org' },
    }),
  },
  {
    route: 'DELETE /enterprises/{id}/manager-invitations/{invitationId}',
    of: "the hub's",
    may: ['hub'],
    call: async (world) => {
      const { invitationId } = await freshInvitation(world);
      return { path: `/enterprises/${world.hub.enterpriseId}/manager-invitations/${invitationId}` };
    },
  },
  { route: 'GET /manager-invitations', may: people, call: get('/manager-invitations') },
  ...(['acceptance', 'refusal'] as const).map((answer): Row => ({
    route: `POST /manager-invitations/{id}/${answer}`,
    of: 'the other buyer',
    may: ['otherBuyer'],
    call: async ({ network, hub, otherBuyer }) => {
      const enterpriseId = await network.enterprise(hub, shortName('Hub'), 'hub');
      const { invitationId } = await hub.client.post<{ invitationId: string }>(
        `/enterprises/${enterpriseId}/manager-invitations`,
        { email: otherBuyer.email },
      );
      return { path: `/manager-invitations/${invitationId}/${answer}`, body: {} };
    },
  })),
  {
    route: 'POST /producers/{id}/existing-customers',
    of: "the producer's",
    may: ['producer'],
    call: ({ producer }) => ({
      path: `/producers/${producer.enterpriseId}/existing-customers`,
      body: { contacts: [email()] },
    }),
  },
  {
    route: 'GET /buyers',
    of: 'a buyer of the hub and the producer',
    may: ['buyer', 'hub', 'producer', ...stewardsHere],
    seesNothing: ['otherBuyer', 'otherHub', 'otherProducer', ...strangers],
    call: ({ buyer }) => ({ path: `/buyers?ids=${buyer.personId}` }),
  },
  {
    route: 'GET /hubs/{id}/referral-links',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/referral-links` }),
  },
  {
    route: 'POST /hubs/{id}/referral-links',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/referral-links`, body: { label: 'Poster' } }),
  },
  {
    route: 'GET /referral-links/{code}',
    may: here,
    call: ({ referralCode }) => ({ path: `/referral-links/${referralCode}` }),
  },
  {
    route: 'POST /referral-links/{code}/uses',
    may: peopleHere,
    call: ({ referralCode }) => ({ path: `/referral-links/${referralCode}/uses`, body: {} }),
  },
  {
    route: 'GET /hubs/{id}/referrals',
    of: "the hub's",
    may: ['hub', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/referrals` }),
  },
  {
    route: 'GET /producers/{id}/referrals',
    of: "the producer's",
    may: ['producer', ...stewardsHere],
    seesNothing: ['strangerSteward'],
    call: ({ producer }) => ({ path: `/producers/${producer.enterpriseId}/referrals` }),
  },
  {
    route: 'POST /hubs/{id}/introductions',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub, producer, otherBuyer }) => ({
      path: `/hubs/${hub.enterpriseId}/introductions`,
      body: { producerId: producer.enterpriseId, buyer: { kind: 'person', id: otherBuyer.personId } },
    }),
  },
  {
    route: 'GET /producers/{id}/introductions',
    of: "the producer's",
    may: ['producer'],
    call: ({ producer }) => ({ path: `/producers/${producer.enterpriseId}/introductions` }),
  },
  ...(['acceptance', 'refusal'] as const).map((answer): Row => ({
    route: `POST /introductions/{id}/${answer}`,
    of: "the producer's",
    may: ['producer'],
    call: async (world) => {
      const { introductionId } = await freshIntroduction(world);
      return { path: `/introductions/${introductionId}/${answer}`, body: {} };
    },
  })),
];
