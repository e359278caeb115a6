import {
  commissionEvents,
  contributionsEvents,
  developersEvents,
  hubsEvents,
  ledgerEvents,
  ordersEvents,
  type EventData,
  type PaidSale,
  type PublicEventType,
} from '@foodshed/contracts';

/** What a public event says, to one whom it concerns. */
export interface PublicMessage {
  readonly type: PublicEventType;
  readonly occurredAt: string;
  /** What the instance is told. */
  readonly data: object;
  /** What an enterprise is told; null when it does not concern it. */
  readonly forEnterprise: (enterpriseId: string) => object | null;
}

type Translate<D> = (data: D) => Omit<PublicMessage, 'occurredAt'>[];

/** Told whole to those enterprises that it names, and to nobody else. */
function about(type: PublicEventType, data: object, enterpriseIds: readonly string[]) {
  return [{ type, data, forEnterprise: (id: string) => (enterpriseIds.includes(id) ? data : null) }];
}

/** Told whole to the hub; to each producer without the others. */
function ofEndedOrder(type: PublicEventType, data: { hubId: string; producerIds: readonly string[] }) {
  const forEnterprise = (id: string): object | null => {
    if (id === data.hubId) return data;
    return data.producerIds.includes(id) ? { ...data, producerIds: [id] } : null;
  };
  return [{ type, data, forEnterprise }];
}

/** Told whole to the hub; to a producer with its own part of the goods, and nothing about the whole order. */
function ofOrder<D extends { hubId: string; producers: readonly { producerId: string }[] }>(
  type: PublicEventType,
  data: D,
  wholeOrder: readonly (keyof D)[],
) {
  const forEnterprise = (id: string): object | null => {
    if (id === data.hubId) return data;
    const producers = data.producers.filter(({ producerId }) => producerId === id);
    if (producers.length === 0) return null;
    const rest = Object.entries(data).filter(([key]) => !wholeOrder.includes(key as keyof D));
    return { ...Object.fromEntries(rest), producers };
  };
  return [{ type, data, forEnterprise }];
}

const placed: Translate<EventData<typeof ordersEvents.placed>> = (data) => {
  const { timeZone: _timeZone, ...told } = data;
  return ofOrder('order.placed', told, ['buyer', 'totalMinor', 'hubFeeMinor']);
};

const paid: Translate<PaidSale> = (sale) => {
  const { orderId, version, hubId, cycleId, buyer, currency, hubFeeMinor, paidAt, changedAt, capture } = sale;
  const { captureId, method, amountMinor, surplusMinor } = capture;
  const sum = (goods: PaidSale['producers'][number]['goods'], part: 'grossMinor' | 'netMinor'): number =>
    goods.reduce((total, each) => total + each[part], 0);
  const producers = sale.producers.map(({ producerId, goods }) => ({
    producerId,
    grossMinor: sum(goods, 'grossMinor'),
    netMinor: sum(goods, 'netMinor'),
  }));
  const ids = { orderId, captureId, version, hubId, cycleId, buyer, currency, method };
  const data = { ...ids, amountMinor, surplusMinor, hubFeeMinor, producers, paidAt, changedAt };
  const wholeOrder = ['buyer', 'amountMinor', 'surplusMinor', 'hubFeeMinor'] as const;
  return ofOrder(version === 1 ? 'order.paid' : 'order.refunded', data, wholeOrder);
};

const posted: Translate<EventData<typeof ledgerEvents.posted>> = ({ accounts, transactions, recordedAt }) => {
  const listed = new Map(accounts.map(({ number, account }) => [number, account]));
  return transactions.flatMap(({ key, transactionId, occurredAt, ...transaction }) => {
    // Only what belongs to an order: the others are told as pledges.
    if (!('orderId' in key)) return [];
    const entries = transaction.entries.map(({ account, amountMinor, line, shareId }) => ({
      account: listed.get(account)!,
      amountMinor,
      line,
      shareId,
    }));
    const tell = (shown: typeof entries) => ({
      transactionId,
      ...key,
      entries: shown,
      occurredAt,
      recordedAt,
    });
    const forEnterprise = (id: string): object | null => {
      const own = entries.filter(({ account: { owner } }) => owner.kind === 'enterprise' && owner.id === id);
      return own.length > 0 ? tell(own) : null;
    };
    return [{ type: 'split.posted' as const, data: tell(entries), forEnterprise }];
  });
};

const cycleTypes = { scheduled: 'cycle.scheduled', open: 'cycle.opened', closed: 'cycle.closed' } as const;
const enterprisesOf = (members: readonly { kind: string; id: string }[]): string[] =>
  members.filter(({ kind }) => kind === 'enterprise').map(({ id }) => id);

const orderClosed: Translate<EventData<typeof ordersEvents.closed>> = (data) =>
  ofEndedOrder('order.closed', data);
const orderFulfilled: Translate<EventData<typeof ordersEvents.fulfilled>> = (data) =>
  ofEndedOrder('order.fulfilled', data);
const cycleChanged: Translate<EventData<typeof ordersEvents.cycleChanged>> = ({ state, ...data }) =>
  about(cycleTypes[state], data, [data.hubId]);
const referralChanged: Translate<EventData<typeof hubsEvents.referralChanged>> = ({ state, ...data }) =>
  about(state === 'standing' ? 'referral.made' : 'referral.ended', data, [data.hubId, data.producerId]);
const enterpriseChanged: Translate<EventData<typeof hubsEvents.enterpriseChanged>> = (data) => {
  const { name: _name, slug: _slug, ...told } = data;
  return about('enterprise.changed', told, [data.enterpriseId]);
};
const modelChanged: Translate<EventData<typeof commissionEvents.modelChanged>> = (data) =>
  about('model.changed', data, []);
const pitchChanged: Translate<EventData<typeof developersEvents.pitchChanged>> = (data) =>
  about('pitch.changed', data, enterprisesOf(data.team));
const pledgeChanged: Translate<EventData<typeof developersEvents.pledgeChanged>> = (data) =>
  about('pledge.changed', data, enterprisesOf([data.funder]));
const given: Translate<EventData<typeof contributionsEvents.given>> = ({ holder: _holder, ...data }) => {
  const { platformPartMinor: _platformPart, ...received } = data;
  const isOf = (id: string, one: { kind: string; id: string | null }): boolean =>
    one.kind === 'enterprise' && one.id === id;
  const forEnterprise = (id: string): object | null => {
    if (isOf(id, data.giver)) return data;
    return isOf(id, data.receiver) ? received : null;
  };
  return [{ type: 'gift.given', data, forEnterprise }];
};

const returned: Translate<EventData<typeof contributionsEvents.returned>> = (data) =>
  about('gift.returned', data, enterprisesOf([data.payee]));

const translations = new Map<string, Translate<never>>([
  [ordersEvents.placed.subject, placed],
  [ordersEvents.paid.subject, paid],
  [ordersEvents.closed.subject, orderClosed],
  [ordersEvents.fulfilled.subject, orderFulfilled],
  [ordersEvents.cycleChanged.subject, cycleChanged],
  [hubsEvents.referralChanged.subject, referralChanged],
  [hubsEvents.enterpriseChanged.subject, enterpriseChanged],
  [commissionEvents.modelChanged.subject, modelChanged],
  [ledgerEvents.posted.subject, posted],
  [developersEvents.pitchChanged.subject, pitchChanged],
  [developersEvents.pledgeChanged.subject, pledgeChanged],
  [contributionsEvents.given.subject, given],
  [contributionsEvents.returned.subject, returned],
]);

/** The subjects of which something is public. */
export const publicSubjects: readonly string[] = [...translations.keys()];

/** What an event says to the public, in a lasting order; empty for one that is nobody else's concern. */
export function publicMessagesOf(event: {
  subject: string;
  occurredAt: string;
  data: unknown;
}): PublicMessage[] {
  const translate = translations.get(event.subject) as Translate<unknown> | undefined;
  return (translate?.(event.data) ?? []).map((message) => ({ ...message, occurredAt: event.occurredAt }));
}

/** The body that is sent: what the signature is of. */
export function payloadOf(message: {
  type: PublicEventType;
  occurredAt: string;
  instanceId: string;
  data: object;
}): string {
  const { type, occurredAt, instanceId, data } = message;
  return JSON.stringify({ type, timestamp: occurredAt, instanceId, data });
}

/** The `webhook-id` of the n-th message of an event; the same for ever. */
export function messageIdOf(eventId: string, index: number): string {
  return index === 0 ? `evt_${eventId}` : `evt_${eventId}_${index}`;
}
