import { readFileSync } from 'node:fs';
import { Chance } from './chance.mjs';
import { inParallel } from './api.mjs';
import { asProductFile, assortmentOf } from './assortments.mjs';
import { password } from './world.mjs';

const AT_ONCE = 6;

/** Makes the instance with its network model; adds the operator's own API there. */
export async function foundInstance(session, operator, world) {
  const { slug, name, currency, timeZone, locales, description } = world.instance;
  await session.post('/instances', { slug, name, currency, timeZone, locales, description });
  const there = await session.as(undefined).signIn(operator.email, operator.password, slug);
  world.operator = await there.withOwnToken();
  const source = readFileSync(new URL('network-model.yaml', import.meta.url), 'utf8');
  await world.operator.post('/network-models', { source });
}

/** Registers a person, whose address the operator vouches for, and signs them in; adds their id and what they may do. */
export async function register(api, operator, person) {
  const { displayName, email, instance } = person;
  const answer = await operator.post('/people', { displayName, email, password, emailIsVerified: true });
  person.personId = answer.personId;
  person.api = await api.signIn(email, password, instance.slug);
}

/** Lets the person act by a token; what they manage must be registered before. */
export async function giveToken(person) {
  person.api = await person.api.withOwnToken();
}

/** Registers stewards, hubs and producers with their managers; a hub's two managers share 60 to 40. */
export async function settle(api, world, advance) {
  const enterprises = [...world.hubs, ...world.producers];
  const people = [world.steward, ...enterprises.flatMap(({ managers }) => managers)];
  await inParallel(people, AT_ONCE, async (person) => {
    await register(api, world.operator, person);
    advance(1);
  });
  await world.operator.put(`/people/${world.steward.personId}/roles`, { roles: ['steward'] });
  await inParallel(world.hubs, AT_ONCE, (hub) => registerEnterprise(hub, { isHub: true, isProducer: false }));
  await inParallel(world.producers, AT_ONCE, (producer) =>
    registerEnterprise(producer, { isHub: false, isProducer: true }),
  );
  await inParallel([world.steward, ...enterprises.map(({ managers }) => managers[0])], AT_ONCE, (person) =>
    giveToken(person),
  );
  await inParallel(world.hubs, AT_ONCE, async (hub) => {
    const [first, second] = hub.managers;
    await join(hub.enterpriseId, first, second);
    const managers = [
      { personId: first.personId, shareBps: 6_000 },
      { personId: second.personId, shareBps: 4_000 },
    ];
    await first.api.put(`/enterprises/${hub.enterpriseId}/managers`, { managers });
    await giveToken(second);
    hub.links = await inParallel(
      ['Market stall', 'Leaflet in the library', 'Neighbours tell neighbours'],
      3,
      (label) => first.api.post(`/hubs/${hub.enterpriseId}/referral-links`, { label }),
    );
    advance(1);
  });
  await inParallel(world.hubs, AT_ONCE, (hub, index) => agree(world, hub, index));
}

/** Somebody is invited to manage an enterprise, and accepts. */
async function join(enterpriseId, by, newcomer) {
  await by.api.post(`/enterprises/${enterpriseId}/manager-invitations`, { email: newcomer.email });
  const { items } = await newcomer.api.get('/manager-invitations');
  const invitation = items.find((item) => item.enterpriseId === enterpriseId);
  await newcomer.api.post(`/manager-invitations/${invitation.invitationId}/acceptance`, {});
}

/** Whose goods a hub sells: each hub leaves one producer to the other. */
export function suppliersOf({ producers }, hubIndex) {
  const left = producers[hubIndex === 0 ? 7 : 6];
  return producers.filter((producer) => producer !== left);
}

/** The hub asks its producers and they accept; the producer it does without has asked it, and waits for an answer. */
async function agree(world, hub, hubIndex) {
  const { enterpriseId: hubId } = hub;
  const suppliers = suppliersOf(world, hubIndex);
  await inParallel(suppliers, AT_ONCE, async ({ enterpriseId: producerId, managers }) => {
    const request = { producerId, hubId, proposedBy: 'hub' };
    const { agreementId } = await hub.managers[0].api.post('/supply-agreements', request);
    await managers[0].api.put(`/supply-agreements/${agreementId}/state`, { state: 'accepted' });
  });
  const { enterpriseId: producerId, managers } = world.producers.find((one) => !suppliers.includes(one));
  await managers[0].api.post('/supply-agreements', { producerId, hubId, proposedBy: 'producer' });
}

async function registerEnterprise(enterprise, { isHub, isProducer }) {
  const [manager] = enterprise.managers;
  const body = {
    name: enterprise.name,
    description: isHub ? `Orders are handed out at ${enterprise.place}.` : '',
    isHub,
    isProducer,
    place: {
      street: null,
      postalCode: null,
      town: enterprise.town,
      countryCode: enterprise.instance.country,
      latitude: null,
      longitude: null,
    },
    contact: { name: manager.displayName, email: manager.email, phone: null },
    vatRegistered: true,
  };
  const { enterpriseId } = await manager.api.post('/enterprises', body);
  enterprise.enterpriseId = enterpriseId;
}

/** Imports the producer's goods as they are this week: prices drift, shelves are filled, a few things are missing. */
export async function stockUp(producer, week) {
  const { instance, kind, enterpriseId, managers } = producer;
  const goods = assortmentOf(kind).map((item, index) => {
    const drift = new Chance('price', instance.slug, kind, index);
    let level = instance.priceLevel * (0.94 + drift.next() * 0.12);
    for (let past = 0; past < week; past += 1) if (drift.happens(0.04)) level *= 0.97 + drift.next() * 0.08;
    const shelf = new Chance('stock', instance.slug, kind, index, week);
    const stock = shelf.happens(0.04) ? 0 : shelf.between(60, 140);
    return { ...item, priceMinor: Math.max(20, Math.round((item.priceMinor * level) / 10) * 10), stock };
  });
  const csv = asProductFile(producer, goods);
  const body = { csv, taxCategories: instance.vat };
  await managers[0].api.post(`/producers/${enterpriseId}/product-imports`, body);
}

/** Welcomes the buyers who join this week: most come by a link of their hub, some were customers before. */
export async function welcome(api, world, buyers, advance) {
  await inParallel(buyers, AT_ONCE, async (buyer) => {
    await register(api, world.operator, buyer);
    await giveToken(buyer);
    if (buyer.comesByLink) {
      const link = new Chance('link', buyer.email).pick(world.hubs[buyer.hubIndex].links);
      await buyer.api.post(`/referral-links/${link.code}/uses`, {});
    }
    advance(1);
  });
}

/** What makes referrals other than a link, and what prevents them: an introduction, and a producer's own customers. */
export async function introduce(world) {
  const [dairy, bakery] = [world.producers[2], world.producers[3]];
  const known = world.buyers.filter(({ joinsInWeek, index }) => joinsInWeek === 0 && index % 6 === 1);
  await bakery.managers[0].api.post(`/producers/${bakery.enterpriseId}/existing-customers`, {
    contacts: known.map(({ email }) => email),
  });
  const [hub, other] = world.hubs;
  const { introductionId } = await hub.managers[0].api.post(`/hubs/${hub.enterpriseId}/introductions`, {
    producerId: dairy.enterpriseId,
    buyer: { kind: 'enterprise', id: other.enterpriseId },
  });
  await dairy.managers[0].api.post(`/introductions/${introductionId}/acceptance`);
}
