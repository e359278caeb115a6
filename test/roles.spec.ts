import { randomUUID } from 'node:crypto';
import { sharedSystem } from '@foodshed/testing';
import { Client } from './client.js';
import { adminRows } from './roles/admin.rows.js';
import { catalogueRows } from './roles/catalogue.rows.js';
import { contributionsRows } from './roles/contributions.rows.js';
import { developersRows } from './roles/developers.rows.js';
import { hubsRows } from './roles/hubs.rows.js';
import { moneyRows } from './roles/money.rows.js';
import { ordersRows } from './roles/orders.rows.js';
import { payoutsRows } from './roles/payouts.rows.js';
import { actorNames, type ActorName, type Row, type World } from './roles/row.js';
import { webhooksRows } from './roles/webhooks.rows.js';
import { buildWorld } from './roles/world.js';

const table: readonly Row[] = [
  ...adminRows,
  ...hubsRows,
  ...ordersRows,
  ...moneyRows,
  ...payoutsRows,
  ...catalogueRows,
  ...developersRows,
  ...webhooksRows,
  ...contributionsRows,
];
/** Routes about the browser's cookie, which have their own tests below. */
const cookieRoutes = ['POST /session', 'GET /session', 'DELETE /session', 'PUT /session/instance'];
const REFUSED = [401, 403, 404];

let world: World;
beforeAll(async () => {
  world = await buildWorld(await sharedSystem());
}, 240_000);

/** What came of the row's request by this caller; the anonymous one visits the instance. */
async function outcomeFor(row: Row, name: ActorName): Promise<string> {
  const { path, body, isStream } = await row.call(world);
  const method = row.route.split(' ')[0] ?? 'GET';
  const client = world.clients[name];
  const answer = isStream
    ? { status: await statusOfStream(client, path), body: null }
    : await client.send<{ items?: unknown[] }>(method, path, { body, idempotencyKey: randomUUID() });
  if (answer.status >= 500) return `failed with ${answer.status}`;
  if (REFUSED.includes(answer.status)) return 'may not';
  // Where nobody is expected to see an empty list, one may be empty because nothing is there yet.
  return row.seesNothing && answer.body?.items?.length === 0 ? 'sees nothing' : 'may';
}

/** The answer of a route that never ends: its status is all that is waited for. */
async function statusOfStream(client: Client, path: string): Promise<number> {
  const headers = { ...(client.cookie ? { cookie: client.cookie } : {}) };
  const response = await fetch(new URL(`/api${path}`, client.baseUrl), { headers });
  await response.body?.cancel();
  return response.status;
}

describe('Who may call what, on whose object', () => {
  it.each(table.map((row) => [`${row.route}${row.of ? ` (${row.of})` : ''}`, row] as const))(
    '%s',
    async (_title, row) => {
      const answers: Record<string, string> = {};
      const wanted: Record<string, string> = {};
      for (const name of actorNames) {
        answers[name] = await outcomeFor(row, name);
        const otherwise = row.seesNothing?.includes(name) ? 'sees nothing' : 'may not';
        wanted[name] = row.may.includes(name) ? 'may' : otherwise;
      }
      expect(answers).toEqual(wanted);
    },
    60_000,
  );

  it('names every route of the API', async () => {
    const { body } = await world.clients.anonymous.send<{ paths: Record<string, object> }>(
      'GET',
      '/openapi.json',
    );
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/^\/api/, '')}`),
    );
    const known = new Set([...table.map(({ route }) => route), ...cookieRoutes]);
    expect(routes.length).toBeGreaterThan(50);
    expect(routes.filter((route) => !known.has(route))).toEqual([]);
    expect([...known].filter((route) => !routes.includes(route))).toEqual([]);
  });
});

describe('The session of a browser', () => {
  it('is opened by anybody with the right password, tells who is signed in, and ends', async () => {
    const { buyer, network } = world;
    const browser = network.visitor();
    expect((await browser.send('POST', '/session', { body: { ...buyer, password: 'wrong' } })).status).toBe(
      400,
    );
    const wrong = { email: buyer.email, password: 'not the password' };
    expect((await browser.send('POST', '/session', { body: wrong })).status).toBe(401);
    await browser.signIn(buyer.email, buyer.password);
    expect(await browser.get('/session')).toMatchObject({ person: { personId: buyer.personId } });
    await browser.put('/session/instance', { slug: network.slug });
    expect((await browser.send('DELETE', '/session')).status).toBe(204);
    expect((await browser.send('GET', '/me')).status).toBe(401);
    const again = await browser.send('PUT', '/session/instance', { body: { slug: network.slug } });
    expect(again.status).toBe(401);
  });

  it('is not for programs', async () => {
    const { buyer, network } = world;
    const { token } = await buyer.client.post<{ token: string }>('/api-tokens', { name: 'program' });
    const program = new Client(network.system.baseUrl(), token);
    expect(await program.get('/me')).toMatchObject({ personId: buyer.personId });
    const moved = await program.send('PUT', '/session/instance', { body: { slug: network.slug } });
    expect(moved.status).toBe(401);
  });

  it('lets people erase themselves', async () => {
    const leaving = await world.network.person('Leaving Person');
    expect((await leaving.client.send('DELETE', `/people/${leaving.personId}`)).status).toBe(200);
  });
});
