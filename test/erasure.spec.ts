import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import pg from 'pg';
import { Marketplace, type Person } from './marketplace.js';

let system: RunningSystem;
let network: Marketplace;
beforeAll(async () => {
  system = await sharedSystem();
  network = await Marketplace.make(system);
}, 240_000);

/** Every row of every table of every service, as text, by table. */
async function databaseRows(): Promise<Map<string, string>> {
  const client = new pg.Client(system.facts.postgresUrl);
  await client.connect();
  try {
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema') order by 1`,
    );
    const texts = new Map<string, string>();
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      texts.set(name, rows.map(({ row }) => row).join('\n'));
    }
    return texts;
  } finally {
    await client.end();
  }
}

/** Every message of every stream, as text, by stream. */
async function streamMessages(): Promise<Map<string, string>> {
  const { url, user, password } = system.facts.nats;
  const connection = await connect({ servers: url, user, pass: password });
  try {
    const manager = await jetstreamManager(connection);
    const texts = new Map<string, string>();
    for await (const { config, state } of manager.streams.list()) {
      const consumer = await jetstream(connection).consumers.get(config.name);
      const messages: string[] = [];
      let left = state.messages;
      while (left > 0) {
        for await (const message of await consumer.fetch({
          max_messages: Math.min(left, 500),
          expires: 5_000,
        })) {
          messages.push(`${message.subject} ${Buffer.from(message.data).toString('utf8')}`);
          left--;
        }
      }
      texts.set(config.name, messages.join('\n'));
    }
    return texts;
  } finally {
    await connection.close();
  }
}

function logs(): Map<string, string> {
  const folder = join(system.facts.home, 'logs');
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

/** Where any of the traces is found, without the traces themselves. */
function placesWith(traces: readonly string[], texts: Map<string, string>): string[] {
  return [...texts]
    .filter(([, text]) => traces.some((trace) => text.includes(trace)))
    .map(([place]) => place);
}

/** A life in the network: a link used, orders paid and refunded, an enterprise managed, failed sign-ins. */
async function live(person: Person): Promise<{ orderId: string; hub: Person }> {
  const [manager, farmer] = [await network.person('Hanno Hub'), await network.person('Pia Producer')];
  const hubId = await network.enterprise(manager, 'Mill Hub', 'hub');
  const producerId = await network.enterprise(farmer, 'Long Field', 'producer');
  await network.products(farmer, producerId, [{ name: 'Potatoes', priceMinor: 320 }]);
  const cycle = await network.openCycle(manager, hubId, [producerId], 50);
  const { code } = await manager.client.post<{ code: string }>(`/hubs/${hubId}/referral-links`, {
    label: 'Leaflet',
  });
  await person.client.post(`/referral-links/${code}/uses`);
  const first = await network.order(person.client, cycle, { Potatoes: 3 });
  await network.pay(manager.client, first);
  await network.refund(manager.client, first.orderId, {
    kind: 'lines',
    lines: [{ lineNumber: 1, quantity: 1 }],
  });
  await network.order(person.client, cycle, { Potatoes: 1 });
  await farmer.client.post(`/producers/${producerId}/existing-customers`, { contacts: [person.email] });
  const buyer = { kind: 'person', id: person.personId };
  await manager.client.post(`/hubs/${hubId}/introductions`, { producerId, buyer });
  await network.enterprise(person, 'Old Orchard', 'producer');
  await person.client.post('/api-tokens', { name: `token of ${person.name}` });
  await person.client.send('PATCH', '/me', { body: { displayName: `${person.name} the Younger` } });
  await network
    .visitor()
    .send('POST', '/session', { body: { email: person.email, password: 'not the password' } });
  await network.visitor().send('POST', '/people', {
    body: { displayName: person.name, email: person.email, password: person.password },
  });
  return { orderId: first.orderId, hub: manager };
}

describe('Erasing a person', () => {
  it('leaves orders and books as they are, and neither name nor contact in tables, events and logs', async () => {
    const person = await network.person('Zebedee Quillfeather');
    const { orderId, hub } = await live(person);
    const entriesOf = () => network.operator.get<{ items: object[] }>(`/orders/${orderId}/entries`);
    await eventually(
      async () => {
        const { items } = await entriesOf();
        if (items.length < 2) throw new Error('the payment and the refund are not in the ledger yet');
      },
      { timeoutMs: 30_000 },
    );
    const traces = ['Zebedee', 'Quillfeather', person.email, person.email.split('@')[0]!];
    const before = placesWith(traces, await databaseRows());
    expect(before).toEqual(
      expect.arrayContaining(['admin.api_tokens', 'admin.persons', 'hubs.buyers', 'hubs.enterprises']),
    );
    const [order, entries] = [await hub.client.get(`/orders/${orderId}`), await entriesOf()];

    expect((await person.client.send('DELETE', `/people/${person.personId}`)).status).toBe(200);

    await eventually(async () => expect(placesWith(traces, await databaseRows())).toEqual([]), {
      timeoutMs: 20_000,
      intervalMs: 500,
    });
    const messages = await streamMessages();
    expect(messages.get('ORDERS')).toContain(person.personId);
    expect(placesWith(traces, messages)).toEqual([]);
    expect(placesWith(traces, logs())).toEqual([]);
    expect(await hub.client.get(`/orders/${orderId}`)).toEqual(order);
    expect(await entriesOf()).toEqual(entries);
    expect((await person.client.send('GET', '/me')).status).toBe(401);
    const again = await network.visitor().send('POST', '/session', {
      body: { email: person.email, password: person.password },
    });
    expect(again.status).toBe(401);
    const audit = await network.operator.get<{ items: { action: string; objectId: string }[] }>('/audit');
    expect(audit.items.find(({ action }) => action === 'person-erased')?.objectId).toBe(person.personId);
  }, 120_000);
});
