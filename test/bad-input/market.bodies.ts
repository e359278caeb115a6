import {
  commissionRpc,
  cycleChanges,
  cycleSelection,
  newCycle,
  newProduct,
  newSupplyAgreement,
  packingTicks,
  placeOrderRequest,
  productChanges,
  productImportRequest,
  quoteRequest,
  recordPaymentRequest,
  recordPaymentsRequest,
  refundRequest,
  supplyAnswer,
  variantChanges,
} from '@foodshed/contracts';
import { z } from 'zod';
import { modelSource } from '../marketplace.js';
import {
  at,
  freshOrder,
  freshPaidOrder,
  freshSupplyRequest,
  linesOf,
  shortName,
  tickOf,
} from '../roles/row.js';
import type { Body } from './body.js';

const version = { version: z.int().min(1).optional() };
const unit = { kind: 'weight', amount: '0.5', scale: 'kg' };
const variantFields = {
  displayName: 'washed',
  sku: 'P-1',
  unit,
  priceMinor: 320,
  vatRateBps: 600,
  priceIncludesVat: false,
  depositMinor: 10,
  packSize: 10,
  onDemand: false,
  availableOn: '2026-01-31',
};
const handover = { kind: 'pickup', place: 'The old barn', times: 'Friday', at: at(32) };
const cycle = {
  name: 'Later',
  opensAt: at(30),
  closesAt: at(31),
  handover,
  hubFeeBps: 100,
  hubFeeFlatMinor: 50,
  paymentTermMinutes: 600,
};

/** Bodies about goods, orders and money, with as many fields as they may have. */
export const marketBodies: Readonly<Record<string, Body>> = {
  'POST /orders/quotes': {
    schema: quoteRequest,
    as: 'buyer',
    call: ({ cycle: { cycleId }, buyer, item }) => ({
      path: '/orders/quotes',
      body: {
        cycleId,
        buyer: { kind: 'person', id: buyer.personId },
        lines: [{ variantId: item.variantId, quantity: 1 }],
      },
    }),
  },
  'POST /orders': {
    schema: placeOrderRequest,
    as: 'buyer',
    call: (world) => ({
      path: '/orders',
      body: {
        cycleId: world.cycle.cycleId,
        buyer: { kind: 'person', id: world.buyer.personId },
        paymentMethod: 'cash',
        lines: linesOf(world),
      },
    }),
  },
  'POST /orders/{orderId}/payments': {
    schema: recordPaymentRequest.omit({ orderId: true }),
    as: 'hub',
    call: async (world) => {
      const { orderId } = await freshOrder(world);
      return {
        path: `/orders/${orderId}/payments`,
        body: { method: 'cash', amountMinor: 10, isSurplus: false },
      };
    },
  },
  'POST /hubs/{hubId}/payments': {
    schema: recordPaymentsRequest.omit({ hubId: true }),
    as: 'hub',
    call: async (world) => {
      const { orderId } = await freshOrder(world);
      const payments = [{ orderId, method: 'cash', amountMinor: 10, isSurplus: false }];
      return { path: `/hubs/${world.hub.enterpriseId}/payments`, body: { payments } };
    },
  },
  'POST /orders/{orderId}/refunds': {
    schema: refundRequest.omit({ orderId: true }),
    as: 'hub',
    call: async (world) => {
      const { orderId } = await freshPaidOrder(world);
      const refund = { kind: 'lines', lines: [{ lineNumber: 1, amountMinor: 1 }] };
      return { path: `/orders/${orderId}/refunds`, body: { refund, returnToStock: true } };
    },
  },
  'POST /producers/{producerId}/packing-ticks': {
    schema: packingTicks,
    as: 'producer',
    call: async (world) => ({
      path: `/producers/${world.producer.enterpriseId}/packing-ticks`,
      body: { ticks: [tickOf((await freshOrder(world)).orderId)] },
    }),
  },
  'POST /network-models': {
    schema: commissionRpc.uploadModel.input,
    as: 'steward',
    call: () => ({ path: '/network-models', body: { source: modelSource, takesEffectAt: at(2) } }),
  },
  'POST /network-models/simulations': {
    schema: commissionRpc.simulateModel.input,
    as: 'steward',
    call: () => ({ path: '/network-models/simulations', body: { source: modelSource, month: '2026-01' } }),
  },
  'POST /network-models/checks': {
    schema: commissionRpc.checkModel.input,
    as: 'buyer',
    call: () => ({ path: '/network-models/checks', body: { source: modelSource } }),
  },
  'POST /producers/{producerId}/products': {
    schema: newProduct,
    as: 'producer',
    call: ({ producer }) => ({
      path: `/producers/${producer.enterpriseId}/products`,
      body: {
        name: shortName('Leek'),
        description: 'Long',
        category: 'Vegetables',
        variants: [{ ...variantFields, stock: 7 }],
      },
    }),
  },
  'POST /producers/{producerId}/product-imports': {
    schema: productImportRequest,
    as: 'producer',
    call: ({ producer }) => ({
      path: `/producers/${producer.enterpriseId}/product-imports`,
      body: {
        csv: 'name,units,unit_type,price,on_hand\nBeetroot,1,kg,2.50,10',
        mode: 'preview',
        format: 'open-food-network',
        producerNames: ['Farm'],
        otherProducers: 'reject',
        priceIncludesVat: true,
        vatRateBps: 600,
        taxCategories: { reduced: 600 },
      },
    }),
  },
  'PATCH /products/{productId}': {
    schema: productChanges.extend(version),
    as: 'producer',
    call: ({ item }) => ({
      path: `/products/${item.productId}`,
      body: { description: 'Floury', category: 'Roots', archived: false },
    }),
  },
  'PATCH /variants/{variantId}': {
    schema: variantChanges.safeExtend(version),
    as: 'producer',
    call: ({ item }) => ({
      path: `/variants/${item.variantId}`,
      body: { sku: 'P-2', unit: { kind: 'weight', amount: '1', scale: 'kg' }, stockChange: 1, packSize: 2 },
    }),
  },
  'POST /hubs/{hubId}/cycles': {
    schema: newCycle,
    as: 'hub',
    call: ({ hub, producer, item }) => ({
      path: `/hubs/${hub.enterpriseId}/cycles`,
      body: {
        ...cycle,
        selection: {
          producerIds: [producer.enterpriseId],
          variants: [{ variantId: item.variantId, priceMinor: 300 }],
        },
      },
    }),
  },
  'POST /supply-agreements': {
    schema: newSupplyAgreement,
    as: 'otherHub',
    call: ({ otherHub, producer }) => ({
      path: '/supply-agreements',
      body: {
        producerId: producer.enterpriseId,
        hubId: otherHub.enterpriseId,
        proposedBy: 'hub',
        pricesSetBy: 'producer',
      },
    }),
  },
  'PUT /supply-agreements/{agreementId}/state': {
    schema: supplyAnswer,
    as: 'producer',
    call: async (world) => {
      const { agreementId, version: seen } = await freshSupplyRequest(world);
      return { path: `/supply-agreements/${agreementId}/state`, body: { state: 'declined', version: seen } };
    },
  },
  'PATCH /cycles/{cycleId}': {
    schema: cycleChanges.extend(version),
    as: 'hub',
    call: async ({ hub }) => {
      const { cycleId } = await hub.client.post<{ cycleId: string }>(
        `/hubs/${hub.enterpriseId}/cycles`,
        cycle,
      );
      return { path: `/cycles/${cycleId}`, body: cycle };
    },
  },
  'PUT /cycles/{cycleId}/variants': {
    schema: cycleSelection,
    as: 'hub',
    call: async ({ hub, producer, item }) => {
      const { cycleId } = await hub.client.post<{ cycleId: string }>(
        `/hubs/${hub.enterpriseId}/cycles`,
        cycle,
      );
      const variants = [{ variantId: item.variantId, priceMinor: 300 }];
      return {
        path: `/cycles/${cycleId}/variants`,
        body: { producerIds: [producer.enterpriseId], variants },
      };
    },
  },
};
