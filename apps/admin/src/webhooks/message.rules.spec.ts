import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  allEvents,
  ledgerEvents,
  ordersEvents,
  publicEventTypes,
  publicEvents,
  subscribableTypes,
  webhookMessage,
} from '@foodshed/contracts';
import { messageIdOf, payloadOf, publicMessagesOf, publicSubjects } from './message.rules.js';

/** What is nobody's concern outside: steps between services, what is about people, and what only wakes pages. */
const PRIVATE = [
  'hubs.events.attributed.v1',
  'hubs.events.managers-changed.v1',
  'commission.events.split.v1',
  'admin.events.person-registered.v1',
  'admin.events.email-verified.v1',
  'admin.events.person-erased.v1',
  'admin.events.instance-changed.v1',
  'admin.events.dashboard-changed.v1',
];
const occurredAt = '2026-03-02T10:00:00.000Z';
const instanceId = '01890000-0000-7000-8000-000000000001';
const stranger = '01890000-0000-7000-8000-0000000000ff';

const example = (subject: string): Record<string, unknown> =>
  JSON.parse(
    readFileSync(join(__dirname, '../../../../libs/contracts/examples', `${subject}.json`), 'utf8'),
  ) as Record<string, unknown>;
const told = (subject: string, change: object = {}) =>
  publicMessagesOf({ subject, occurredAt, data: { ...example(subject), ...change } });

describe('Every event', () => {
  it('is either public or said here to be private', () => {
    const subjects = allEvents.map(({ subject }) => subject);
    expect([...publicSubjects, ...PRIVATE].sort()).toEqual(subjects.sort());
  });

  it('that is public has the data that its type promises, ids and no names', () => {
    const variants = [
      ...publicSubjects.map((subject) => told(subject)),
      told('orders.events.paid.v1', { version: 2 }),
      ...['scheduled', 'open', 'closed'].map((state) => told('orders.events.cycle-changed.v1', { state })),
      ...['standing', 'ended'].map((state) => told('hubs.events.referral-changed.v1', { state })),
    ].flat();
    expect([...new Set(variants.map(({ type }) => type))].sort()).toEqual([...subscribableTypes].sort());
    for (const message of variants) {
      const payload = payloadOf({ ...message, instanceId });
      expect(webhookMessage(message.type).strict().parse(JSON.parse(payload))).toEqual(JSON.parse(payload));
      expect(publicEvents[message.type].data.parse(message.data)).toEqual(message.data);
      expect(payload).not.toMatch(/"(?:name|slug|displayName|email|contact|phone|message|text|title)"|@/i);
      expect(message.forEnterprise(stranger)).toBeNull();
    }
  });
});

describe('A producer of an order', () => {
  it('is told of its own part, and nothing about the buyer and the whole', () => {
    const { producers, hubId } = example('orders.events.placed.v1') as {
      producers: { producerId: string; grossMinor: number }[];
      hubId: string;
    };
    const [message] = told('orders.events.placed.v1', {
      producers: [...producers, { producerId: stranger, grossMinor: 5 }],
    });
    expect(message!.forEnterprise(hubId)).toEqual(message!.data);
    const own = message!.forEnterprise(stranger) as Record<string, unknown>;
    expect(own['producers']).toEqual([{ producerId: stranger, grossMinor: 5 }]);
    expect(Object.keys(own).sort()).toEqual(
      ['currency', 'cycleId', 'hubId', 'orderId', 'placedAt', 'producers'].sort(),
    );
    const [paid] = told('orders.events.paid.v1');
    const [first] = (example('orders.events.paid.v1') as { producers: { producerId: string }[] }).producers;
    expect(Object.keys(paid!.forEnterprise(first!.producerId)!)).not.toContain('amountMinor');
  });

  it.each(['closed', 'fulfilled'])('is told that it was %s, and of no other producer', (end) => {
    const producerIds = ['01890000-0000-7000-8000-0000000000fe', stranger];
    const [message] = told(`orders.events.${end}.v1`, { producerIds });
    expect(message!.forEnterprise(stranger)).toEqual({ ...message!.data, producerIds: [stranger] });
    expect(message!.forEnterprise((message!.data as { hubId: string }).hubId)).toEqual(message!.data);
  });

  it('is told the entries of its own accounts', () => {
    const messages = told(ledgerEvents.posted.subject);
    const owners = messages.flatMap(({ data }) =>
      (data as { entries: { account: { owner: { kind: string; id: string } } }[] }).entries
        .map(({ account }) => account.owner)
        .filter(({ kind }) => kind === 'enterprise'),
    );
    expect(owners.length).toBeGreaterThan(0);
    for (const owner of owners) {
      for (const message of messages) {
        const own = message.forEnterprise(owner.id) as { entries: object[] } | null;
        if (!own) continue;
        expect(JSON.stringify(own.entries).match(/"id":"[^"]+"/g)).toEqual(
          own.entries.map(() => `"id":"${owner.id}"`),
        );
      }
    }
  });
});

describe('The id of a message', () => {
  it('is the same whenever its event comes, and its own for each message of it', () => {
    expect(messageIdOf('a', 0)).toBe('evt_a');
    expect(new Set([0, 1, 2].map((index) => messageIdOf('a', index))).size).toBe(3);
    expect(publicMessagesOf({ subject: 'nobody.events.known.v1', occurredAt, data: {} })).toEqual([]);
    expect(ordersEvents.placed.subject).toBe(publicSubjects[0]);
    expect(publicEventTypes).toContain('webhook.test');
  });
});
