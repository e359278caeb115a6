import { Chance } from './chance.mjs';
import { inParallel, Refusal } from './api.mjs';

const AT_ONCE = 10;
/** Refusals that a buyer meets by shopping with others: somebody was faster, or the price was changed. */
const TRIED_ONCE_MORE = new Set(['stock-insufficient', 'price-changed']);

/** Returns everything an open shop sells, in an order that depends on names alone. */
export async function shelvesOf(api, hubId, instanceSlug) {
  const items = [];
  let cycle;
  for (let cursor = ''; cursor !== null;) {
    const page = await api.get(
      `/hubs/${hubId}/shop?limit=200&instance=${instanceSlug}${cursor && `&cursor=${cursor}`}`,
    );
    cycle ??= page.cycle;
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  const nameOf = ({ name, unitLabel }) => `${name} ${unitLabel}`;
  items.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  return { cycle, items: items.filter(({ availableQuantity }) => availableQuantity !== 0) };
}

/** A household's basket: a few things of two or three producers. */
export function householdBasket(chance, items, appetite) {
  const producers = chance.several(
    [...new Set(items.map(({ producerId }) => producerId))],
    chance.between(2, 3),
  );
  const near = items.filter(
    ({ producerId, unitPriceMinor }) => producers.includes(producerId) && unitPriceMinor < 2_500,
  );
  return chance.several(near, Math.max(2, appetite + chance.between(-2, 2))).map((item) => ({
    item,
    quantity: chance.happens(0.75) ? 1 : chance.between(2, 3),
  }));
}

/** What a hub buys for its kitchen and its shelves: much of little. */
export function wholesaleBasket(chance, items) {
  const cheap = items.filter(({ unitPriceMinor }) => unitPriceMinor < 900);
  return chance
    .several(cheap, chance.between(2, 4))
    .map((item) => ({ item, quantity: chance.between(8, 16) }));
}

/**
 * Places an order as the buyer; returns it, or undefined where the shelves were emptied meanwhile.
 * @param {{api: object, cycleId: string, basket: {item: object, quantity: number}[], paymentMethod: string,
 *   enterpriseId?: string, key: string}} wish
 */
export async function order({ api, cycleId, basket, paymentMethod, enterpriseId, key }) {
  if (basket.length === 0) return undefined;
  const place = (lines, ownKey) =>
    api.post(
      '/orders',
      {
        cycleId,
        paymentMethod,
        ...(enterpriseId && { buyer: { kind: 'enterprise', id: enterpriseId } }),
        lines: lines.map(({ item, quantity }) => ({
          variantId: item.variantId,
          quantity,
          unitPriceMinor: item.unitPriceMinor,
        })),
      },
      ownKey,
    );
  try {
    return await place(basket, key);
  } catch (error) {
    if (!(error instanceof Refusal) || !TRIED_ONCE_MORE.has(error.code)) throw error;
    const refused = new Set(error.problem.fields?.map(({ path }) => Number(path.split('.')[1])));
    const rest = basket.filter((_, index) => !refused.has(index));
    if (rest.length === 0 || rest.length === basket.length) return undefined;
    return place(rest, `${key}-again`).catch((second) => {
      if (second instanceof Refusal && TRIED_ONCE_MORE.has(second.code)) return undefined;
      throw second;
    });
  }
}

/** What becomes of an order later. Most are simply paid and handed out. */
export function fateOf(...labels) {
  const chance = new Chance('fate', ...labels);
  const one = chance.next();
  const payment =
    one < 0.015
      ? 'cancelled'
      : one < 0.04
        ? 'forgotten'
        : one < 0.05
          ? 'in-two-parts'
          : one < 0.06
            ? 'too-much'
            : 'whole';
  const other = chance.next();
  const refund = other < 0.045 ? 'quantity' : other < 0.065 ? 'amount' : other < 0.072 ? 'whole' : null;
  return { payment, refund };
}

/** The hub records what came by bank, and cancels for those who asked it to. */
export async function settleByBank(orders) {
  await inParallel(
    orders.filter(({ method }) => method === 'bank-transfer'),
    AT_ONCE,
    (placed) => pay(placed),
  );
  await inParallel(
    orders.filter(({ fate }) => fate.payment === 'cancelled'),
    AT_ONCE,
    async (placed) => {
      await placed.hubApi.post(`/orders/${placed.orderId}/cancellation`);
      placed.ended = true;
    },
  );
}

/** Goods are handed out to those who paid; cash is taken at the door. */
export async function handOut(orders) {
  await inParallel(
    orders.filter(({ method }) => method === 'cash'),
    AT_ONCE,
    (placed) => pay(placed),
  );
  await inParallel(
    orders.filter(({ isPaid }) => isPaid),
    AT_ONCE,
    ({ hubApi, orderId }) => hubApi.post(`/orders/${orderId}/fulfilment`),
  );
}

/** The steward finds the week's transfers in the bank's statement, and hubs bring the cash they took. */
export async function confirmMoney({ steward, hubs }) {
  const unconfirmed = async (api, query) => (await api.get(`/captures/unconfirmed?limit=200${query}`)).items;
  const transfers = await unconfirmed(steward.api, '');
  if (transfers.length > 0) {
    const captureIds = transfers.map(({ captureId }) => captureId);
    await steward.api.post('/captures/confirmations', { captureIds });
  }
  for (const { enterpriseId, managers } of hubs) {
    const cash = await unconfirmed(managers[0].api, `&hubId=${enterpriseId}`);
    if (cash.length === 0) continue;
    const captureIds = cash.map(({ captureId }) => captureId);
    const { handoverId } = await managers[0].api.post(`/hubs/${enterpriseId}/cash-handovers`, { captureIds });
    await steward.api.put(`/cash-handovers/${handoverId}/state`, { state: 'received' });
  }
}

async function pay(placed) {
  const { hubApi, orderId, totalMinor, method, fate } = placed;
  if (fate.payment === 'cancelled' || fate.payment === 'forgotten' || totalMinor === 0) return;
  const record = (amountMinor, part) =>
    hubApi.post(`/orders/${orderId}/payments`, { method, amountMinor }, `payment-${orderId}-${part}`);
  if (fate.payment === 'in-two-parts') {
    await record(Math.floor(totalMinor / 2), 1);
    await record(totalMinor - Math.floor(totalMinor / 2), 2);
  } else {
    await record(totalMinor + (fate.payment === 'too-much' ? 500 : 0), 1);
  }
  placed.isPaid = true;
}

/** What was missing, bruised or never came is given back; so is what was paid too much. */
export async function makeGood(orders) {
  await inParallel(
    orders.filter(({ isPaid }) => isPaid),
    AT_ONCE,
    async ({ hubApi, orderId, fate }) => {
      if (fate.payment === 'too-much') await give({ kind: 'surplus' }, 'surplus');
      if (fate.refund === 'quantity') await give(await firstLine({ quantity: 1 }), 'quantity');
      if (fate.refund === 'amount') await give(await firstLine({ amountMinor: 50 }), 'amount');
      if (fate.refund === 'whole') await give({ kind: 'whole' }, 'whole');

      // Lines are numbered in an order of the system's own; the first by name is the same each time.
      async function firstLine(part) {
        const { lines } = await hubApi.get(`/orders/${orderId}`);
        const named = lines.map((line) => ({ ...line, name: `${line.productName} ${line.unitLabel}` }));
        const [first] = named.sort((a, b) => (a.name < b.name ? -1 : 1));
        return { kind: 'lines', lines: [{ lineNumber: first.lineNumber, ...part }] };
      }

      async function give(refund, what) {
        await hubApi.post(`/orders/${orderId}/refunds`, { refund }, `refund-${orderId}-${what}`);
      }
    },
  );
}
