import { ALL_INSTANCES } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { asBuyer, HubsWorld } from '../hubs.fixture.js';
import { CreateHubs1700000000000 } from '../migrations/1700000000000-create-hubs.js';

let db: TestDatabase;
let world: HubsWorld;

beforeAll(async () => {
  db = await testDatabase('hubs', [CreateHubs1700000000000]);
});
afterAll(() => db.close());
beforeEach(() => {
  world = new HubsWorld(db.database);
  world.at('2026-03-01T12:00:00.000Z');
});

type Somebody = ReturnType<HubsWorld['person']>;
const idOf = ({ caller }: Somebody): string => caller.personId;

/** Somebody who gave this address, and has verified it since `emailVerifiedAt`, or never. */
function personWith(email: string, emailVerifiedAt: string | null): Somebody {
  const who = world.person('Mallory');
  world.admin.set(idOf(who), { displayName: 'Mallory', email, emailVerifiedAt });
  return who;
}
const registered = (who: Somebody) =>
  db.database.transaction(ALL_INSTANCES, (tx) =>
    world.buyers.registered(tx, [{ instanceId: world.instance.id, personId: idOf(who) }]),
  );
const erase = (who: Somebody) =>
  db.database.transaction(ALL_INSTANCES, (tx) =>
    world.erasures.erase(tx, [{ personId: idOf(who), erasedAt: world.now() }]),
  );
/** Who is said to have referred the person's first order of a farm that had listed the address before. */
async function referrerOf(who: Somebody, { farm, kiosk }: { farm: string; kiosk: string }) {
  const sale = { hubId: kiosk, buyer: asBuyer(who), producerIds: [farm], placedAt: world.now() };
  const [attributed] = await world.attribute(world.paid(sale));
  return attributed?.attributions[0]?.referral?.hubId ?? null;
}
async function marketplace(contacts: string[]) {
  const [petra, otto] = [world.person('Petra'), world.person('Otto')];
  const farm = await world.enterprise(petra, 'Hof', { isProducer: true });
  const kiosk = await world.enterprise(otto, 'Kiosk', { isHub: true });
  await world.existingCustomers.add({ producerId: farm, list: { contacts } }, petra);
  world.at('2026-03-02T12:00:00.000Z');
  return { farm, kiosk };
}

describe('The contact of an enterprise', () => {
  const office = 'office@markt.example.org';
  const hubWithContact = async (manager: Somebody) => {
    const hub = await world.enterprise(manager, 'Markt', { isHub: true, email: office });
    return { hub, contact: async () => (await world.enterprises.get({ enterprise: hub }, manager)).contact };
  };

  it.each([
    ['never verified it', null],
    ['verified it', '2026-02-01T00:00:00.000Z'],
  ])('stays when somebody else, who gave the same address and %s, is erased', async (_case, verifiedAt) => {
    const hanna = world.person('Hanna');
    const { hub, contact } = await hubWithContact(hanna);
    const { farm, kiosk } = await marketplace([office]);
    const mallory = personWith(office, verifiedAt);
    await registered(mallory);
    await erase(mallory);
    expect(await contact()).toMatchObject({ email: office });
    // It is still whom the farm had listed.
    const buyer = { kind: 'enterprise' as const, id: hub };
    const sale = { hubId: kiosk, buyer, producerIds: [farm], placedAt: world.now() };
    const [attributed] = await world.attribute(world.paid(sale));
    expect(attributed?.attributions).toEqual([{ producerId: farm, referral: null }]);
  });

  it('goes with whoever owns the enterprise, or ever managed it, also when the address was never verified', async () => {
    const hanna = personWith(office, null);
    await registered(hanna);
    const { hub } = await hubWithContact(hanna);
    const otto = world.person('Otto');
    await world.joined(hub, hanna, otto);
    await erase(hanna);
    const { contact } = await world.enterprises.get({ enterprise: hub }, otto);
    expect(contact).toBeNull();
  });
});

describe('An address that its person has not verified', () => {
  const listed = 'customer@example.org';

  it('is matched with nothing, until it is verified', async () => {
    const places = await marketplace([listed]);
    const before = personWith(listed, null);
    await registered(before);
    expect(await referrerOf(before, places)).toBe(places.kiosk);
    // Another person, who verifies the address later: hubs asks admin, whether it heard of that or not.
    const later = personWith(listed, null);
    await registered(later);
    world.admin.set(idOf(later), { displayName: 'Mallory', email: listed, emailVerifiedAt: world.now() });
    world.at('2026-03-03T12:00:00.000Z');
    expect(await referrerOf(later, places)).toBeNull();
  });

  it('does not count for orders that were placed before, whenever they are heard of', async () => {
    const places = await marketplace([listed]);
    const buyer = personWith(listed, '2026-03-05T00:00:00.000Z');
    await registered(buyer);
    expect(await referrerOf(buyer, places)).toBe(places.kiosk);
  });

  it('takes nobody off a producer’s list when its person is erased', async () => {
    const places = await marketplace([listed]);
    const mallory = personWith(listed, null);
    await registered(mallory);
    await erase(mallory);
    const customer = personWith(listed, '2026-03-01T00:00:00.000Z');
    await registered(customer);
    expect(await referrerOf(customer, places)).toBeNull();
  });
});
