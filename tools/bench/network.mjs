import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../infrastructure/failure.mjs';
import { ROOT } from '../infrastructure/state.mjs';

const BUYERS = 32;
const PRODUCTS_EACH = 500;
const STOCK = 1_000_000;
const CSV_HEADER =
  'producer,sku,name,display_name,category,description,units,unit_type,variant_unit_name,' +
  'price,on_hand,available_on,on_demand,shipping_category,tax_category';

/**
 * Makes a network through the public API: an instance with the demo's model, a hub that referred its buyers, two
 * producers with 500 products each, an open cycle, and buyers with an API token each.
 * @returns {Promise<{instanceId: string, hubId: string, cycleId: string, items: object[][], buyers: string[], manager: string}>}
 *   items by producer with their prices; buyers and manager are API tokens
 */
export async function createNetwork({ baseUrl, operator, log }) {
  const call = caller(baseUrl);
  const slug = 'bench';
  const root = await call('POST', '/session', { body: operator });
  const instance = await call('POST', '/instances', { session: root, body: instanceBody(slug) });
  await call('PUT', '/session/instance', { session: root, body: { slug } });
  const source = readFileSync(join(ROOT, 'tools/demo/network-model.yaml'), 'utf8');
  await call('POST', '/network-models', { session: root, body: { source } });
  const manager = await person(call, slug, 'manager');
  const hubId = await enterprise(call, manager, { name: 'Bench hub', isHub: true, isProducer: false });
  const producerIds = [];
  for (const name of ['first', 'second']) {
    const owner = await person(call, slug, name);
    const producerId = await enterprise(call, owner, {
      name: `Bench ${name}`,
      isHub: false,
      isProducer: true,
    });
    await call('POST', `/producers/${producerId}/product-imports`, {
      session: owner.session,
      body: { csv: products(name) },
    });
    await agree(call, { manager, owner, hubId, producerId });
    producerIds.push(producerId);
  }
  const cycle = await call('POST', `/hubs/${hubId}/cycles`, {
    session: manager.session,
    body: cycleBody(producerIds),
  });
  const items = await readShop(call, { hubId, slug, producerIds });
  const link = await call('POST', `/hubs/${hubId}/referral-links`, {
    session: manager.session,
    body: { label: 'bench' },
  });
  const buyers = [];
  for (let index = 0; index < BUYERS; index += 1) {
    const buyer = await person(call, slug, `buyer-${index}`);
    await call('POST', `/referral-links/${link.body.code}/uses`, { session: buyer.session, body: {} });
    buyers.push(await apiToken(call, buyer));
  }
  log(`network: ${items.flat().length} products of two producers, ${buyers.length} buyers`);
  return {
    instanceId: instance.body.id,
    hubId,
    cycleId: cycle.body.cycleId,
    items,
    buyers,
    manager: await apiToken(call, manager),
  };
}

/** Returns a function that asks the API and gives the answer with its cookie. @throws Failure for any refusal */
function caller(baseUrl) {
  return async (method, path, { session, body, slug } = {}) => {
    const response = await fetch(
      `${baseUrl}/api${path}${slug ? `${path.includes('?') ? '&' : '?'}instance=${slug}` : ''}`,
      {
        method,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': randomBytes(12).toString('hex'),
          ...(session ? { cookie: session.cookie } : {}),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      },
    );
    const text = await response.text();
    if (!response.ok)
      throw new Failure(`${method} ${path} answered ${response.status}: ${text.slice(0, 400)}`);
    const cookie = response.headers.getSetCookie()[0]?.split(';')[0];
    return { cookie, body: text ? JSON.parse(text) : undefined };
  };
}

async function person(call, slug, name) {
  const email = `${name}@bench.example`;
  const password = randomBytes(15).toString('base64url');
  const registration = { displayName: name, email, password };
  await call('POST', '/people', { slug, body: registration });
  const session = await call('POST', '/session', { slug, body: { email, password } });
  return { session, email, name };
}

async function enterprise(call, owner, kind) {
  const body = { ...kind, contact: { name: owner.name, email: owner.email, phone: null } };
  return (await call('POST', '/enterprises', { session: owner.session, body })).body.enterpriseId;
}

/** The hub asks to sell the producer's goods, and the producer accepts. */
async function agree(call, { manager, owner, hubId, producerId }) {
  const request = { producerId, hubId, proposedBy: 'hub' };
  const asked = await call('POST', '/supply-agreements', { session: manager.session, body: request });
  const answer = { session: owner.session, body: { state: 'accepted' } };
  await call('PUT', `/supply-agreements/${asked.body.agreementId}/state`, answer);
}

async function apiToken(call, { session }) {
  return (await call('POST', '/api-tokens', { session, body: { name: 'bench' } })).body.token;
}

async function readShop(call, { hubId, slug, producerIds }) {
  const items = [];
  for (let cursor; ;) {
    const page = cursor ? `&cursor=${encodeURIComponent(cursor)}` : '';
    const { body } = await call('GET', `/hubs/${hubId}/shop?limit=200${page}`, { slug });
    items.push(...body.items);
    if (!body.nextCursor) break;
    cursor = body.nextCursor;
  }
  return producerIds.map((producerId) =>
    items
      .filter((item) => item.producerId === producerId)
      .map(({ variantId, unitPriceMinor }) => ({ variantId, unitPriceMinor })),
  );
}

function products(producer) {
  const rows = Array.from({ length: PRODUCTS_EACH }, (_, index) => {
    const price = (1 + (index % 90) / 10).toFixed(2);
    return [
      '',
      '',
      `${producer} food ${index}`,
      '',
      'Food',
      '',
      '1',
      'kg',
      '',
      price,
      STOCK,
      '',
      '0',
      '',
      '',
    ].join(',');
  });
  return [CSV_HEADER, ...rows].join('\n');
}

const instanceBody = (slug) => ({
  slug,
  name: 'Bench',
  currency: 'EUR',
  timeZone: 'Europe/Vienna',
  locales: ['en'],
});

const cycleBody = (producerIds) => ({
  name: 'Bench',
  opensAt: new Date(Date.now() - 60_000).toISOString(),
  closesAt: new Date(Date.now() + 86_400_000).toISOString(),
  handover: { kind: 'pickup', place: 'Here', times: 'Now' },
  selection: { producerIds },
});
