import { at, freshSupplyRequest, here, peopleHere, shortName, strangers, type Row } from './row.js';

const newProduct = () => ({
  name: shortName('Leek'),
  variants: [{ unit: { kind: 'items', amount: '1', name: 'bunch' }, priceMinor: 250 }],
});
const newCycle = {
  name: 'Later',
  opensAt: at(30),
  closesAt: at(31),
  handover: { kind: 'pickup', place: 'Here' },
};

/** Catalogue: who may call what. */
export const catalogueRows: readonly Row[] = [
  {
    route: 'GET /producers/{producerId}/products',
    may: peopleHere,
    seesNothing: strangers,
    call: ({ producer }) => ({ path: `/producers/${producer.enterpriseId}/products` }),
  },
  {
    route: 'POST /producers/{producerId}/products',
    may: ['producer'],
    call: ({ producer }) => ({ path: `/producers/${producer.enterpriseId}/products`, body: newProduct() }),
  },
  {
    route: 'POST /producers/{producerId}/product-imports',
    may: ['producer'],
    call: ({ producer }) => ({
      path: `/producers/${producer.enterpriseId}/product-imports`,
      body: { csv: 'name,units,unit_type,price,on_hand\nBeetroot,1,kg,2.50,10', mode: 'preview' },
    }),
  },
  {
    route: 'GET /products/{productId}',
    may: here,
    call: ({ item }) => ({ path: `/products/${item.productId}` }),
  },
  {
    route: 'PATCH /products/{productId}',
    of: "the producer's",
    may: ['producer'],
    call: ({ item }) => ({ path: `/products/${item.productId}`, body: { description: 'Floury' } }),
  },
  {
    route: 'PATCH /variants/{variantId}',
    of: "the producer's",
    may: ['producer'],
    call: ({ item }) => ({ path: `/variants/${item.variantId}`, body: { stockChange: 1 } }),
  },
  {
    route: 'GET /hubs/{hubId}/cycles',
    may: here,
    seesNothing: strangers,
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/cycles` }),
  },
  {
    route: 'POST /hubs/{hubId}/cycles',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/cycles`, body: newCycle }),
  },
  {
    route: 'GET /supply-agreements',
    of: "the producer's",
    may: ['producer'],
    call: ({ producer }) => ({
      path: `/supply-agreements?as=producer&enterpriseId=${producer.enterpriseId}`,
    }),
  },
  {
    route: 'POST /supply-agreements',
    of: 'a hub that asks',
    may: ['otherHub'],
    call: ({ otherHub, producer }) => ({
      path: '/supply-agreements',
      body: { hubId: otherHub.enterpriseId, producerId: producer.enterpriseId, proposedBy: 'hub' },
    }),
  },
  {
    route: 'POST /supply-agreements',
    of: 'a producer that offers',
    may: ['producer'],
    call: async ({ network, otherHub, producer }) => {
      const hubId = await network.enterprise(otherHub, shortName('Hub'), 'hub');
      const body = { hubId, producerId: producer.enterpriseId, proposedBy: 'producer' };
      return { path: '/supply-agreements', body };
    },
  },
  {
    route: 'GET /supply-agreements/{agreementId}',
    of: 'either side',
    may: ['producer', 'otherHub'],
    call: async (world) => ({ path: `/supply-agreements/${(await freshSupplyRequest(world)).agreementId}` }),
  },
  ...(
    [
      ['accepted', 'the side that was asked', ['producer']],
      ['declined', 'the side that was asked', ['producer']],
      ['ended', 'the side that asked', ['otherHub']],
    ] as const
  ).map(([state, of, may]): Row => ({
    route: 'PUT /supply-agreements/{agreementId}/state',
    of: `${state}, by ${of}`,
    may,
    call: async (world) => {
      const { agreementId } = await freshSupplyRequest(world);
      return { path: `/supply-agreements/${agreementId}/state`, body: { state } };
    },
  })),
  { route: 'GET /cycles/{cycleId}', may: here, call: ({ cycle }) => ({ path: `/cycles/${cycle.cycleId}` }) },
  {
    route: 'PATCH /cycles/{cycleId}',
    of: "the hub's",
    may: ['hub'],
    call: ({ cycle }) => ({ path: `/cycles/${cycle.cycleId}`, body: { name: 'Renamed' } }),
  },
  {
    route: 'PUT /cycles/{cycleId}/variants',
    of: "the hub's",
    may: ['hub'],
    call: ({ cycle, producer }) => ({
      path: `/cycles/${cycle.cycleId}/variants`,
      body: { producerIds: [producer.enterpriseId] },
    }),
  },
  {
    route: 'GET /cycles/{cycleId}/products',
    may: here,
    call: ({ cycle }) => ({ path: `/cycles/${cycle.cycleId}/products` }),
  },
  {
    route: 'GET /cycles/{cycleId}/filters',
    may: here,
    call: ({ cycle }) => ({ path: `/cycles/${cycle.cycleId}/filters` }),
  },
  {
    route: 'GET /hubs/{hubId}/shop',
    may: here,
    seesNothing: strangers,
    call: ({ hub }) => ({ path: `/hubs/${hub.enterpriseId}/shop` }),
  },
];
