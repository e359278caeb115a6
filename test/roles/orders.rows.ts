import {
  freshOrder,
  freshPaidOrder,
  get,
  here,
  linesOf,
  people,
  peopleHere,
  stewardsHere,
  tickOf,
  type Row,
} from './row.js';

/** Orders: who may call what. */
export const ordersRows: readonly Row[] = [
  {
    route: 'POST /orders/quotes',
    may: here,
    call: (world) => ({
      path: '/orders/quotes',
      body: {
        cycleId: world.cycle.cycleId,
        lines: linesOf(world).map(({ variantId, quantity }) => ({ variantId, quantity })),
      },
    }),
  },
  {
    route: 'POST /orders',
    may: peopleHere,
    call: (world) => ({ path: '/orders', body: { cycleId: world.cycle.cycleId, lines: linesOf(world) } }),
  },
  {
    route: 'POST /orders',
    of: 'the hub as buyer',
    may: ['hub'],
    call: (world) => ({
      path: '/orders',
      body: {
        cycleId: world.cycle.cycleId,
        buyer: { kind: 'enterprise', id: world.hub.enterpriseId },
        lines: linesOf(world),
      },
    }),
  },
  { route: 'GET /orders', of: "the caller's own", may: people, call: get('/orders?as=buyer') },
  {
    route: 'GET /orders',
    of: "the hub's",
    may: ['hub'],
    call: ({ hub }) => ({ path: `/orders?as=hub&enterpriseId=${hub.enterpriseId}` }),
  },
  {
    route: 'GET /orders',
    of: "the producer's",
    may: ['producer'],
    call: ({ producer }) => ({ path: `/orders?as=producer&enterpriseId=${producer.enterpriseId}` }),
  },
  {
    route: 'GET /orders/{orderId}',
    may: ['buyer', 'hub', 'producer', ...stewardsHere],
    call: ({ paidOrderId }) => ({ path: `/orders/${paidOrderId}` }),
  },
  {
    route: 'POST /orders/{orderId}/payments',
    may: ['hub'],
    call: async (world) => {
      const { orderId, totalMinor } = await freshOrder(world);
      return { path: `/orders/${orderId}/payments`, body: { method: 'cash', amountMinor: totalMinor } };
    },
  },
  {
    route: 'POST /hubs/{hubId}/payments',
    may: ['hub'],
    call: async (world) => {
      const { orderId, totalMinor } = await freshOrder(world);
      const payments = [{ orderId, method: 'cash', amountMinor: totalMinor }];
      return { path: `/hubs/${world.hub.enterpriseId}/payments`, body: { payments } };
    },
  },
  {
    route: 'POST /orders/{orderId}/refunds',
    may: ['hub'],
    call: async (world) => {
      const { orderId } = await freshPaidOrder(world);
      return { path: `/orders/${orderId}/refunds`, body: { refund: { kind: 'whole' } } };
    },
  },
  {
    route: 'POST /orders/{orderId}/cancellation',
    may: ['buyer', 'hub'],
    call: async (world) => ({ path: `/orders/${(await freshOrder(world)).orderId}/cancellation`, body: {} }),
  },
  {
    route: 'POST /orders/{orderId}/fulfilment',
    may: ['hub'],
    call: async (world) => ({
      path: `/orders/${(await freshPaidOrder(world)).orderId}/fulfilment`,
      body: {},
    }),
  },
  {
    route: 'GET /producers/{producerId}/orders-to-pack',
    may: ['producer'],
    call: ({ producer }) => ({ path: `/producers/${producer.enterpriseId}/orders-to-pack` }),
  },
  {
    route: 'POST /producers/{producerId}/packing-ticks',
    may: ['producer'],
    call: async (world) => ({
      path: `/producers/${world.producer.enterpriseId}/packing-ticks`,
      body: { ticks: [tickOf((await freshOrder(world)).orderId)] },
    }),
  },
];
