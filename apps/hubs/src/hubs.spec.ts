import { enterpriseChanges, newEnterprise, type ManagersOf } from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { asBuyer, HubsWorld } from './hubs.fixture.js';
import { CreateHubs1700000000000 } from './migrations/1700000000000-create-hubs.js';

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

const refusal = (code: string) => expect.objectContaining({ code });

describe('An enterprise', () => {
  const input = (name: string) =>
    newEnterprise.parse({
      name,
      isHub: true,
      isProducer: false,
      contact: { name: 'Anna Amsel', email: 'Anna@Example.org', phone: '+49 30 123456' },
    });

  it('is registered with a slug of its own; its first manager holds all of its commission', async () => {
    const anna = world.person('Anna Amsel');
    const first = await world.enterprises.register(input('Markt Süd'), anna);
    const second = await world.enterprises.register(input('Markt Süd'), anna);
    expect([first.slug, second.slug]).toEqual(['markt-sud', 'markt-sud-2']);
    await expect(world.enterprises.register({ ...input('X'), slug: 'markt-sud' }, anna)).rejects.toEqual(
      refusal('already-exists'),
    );
    const { current } = await world.managers.list({ enterpriseId: first.enterpriseId }, anna);
    expect(current).toMatchObject({
      hubShareBps: 0,
      managers: [{ displayName: 'Anna Amsel', shareBps: 10_000 }],
    });
    const managed = { instanceId: world.instance.id, personId: anna.caller.personId };
    expect((await world.managers.managed(managed)).enterpriseIds.sort()).toEqual(
      [first.enterpriseId, second.enterpriseId].sort(),
    );
  });

  it('shows its contact to its managers, and to others once it is published', async () => {
    const [anna, bert] = [world.person('Anna Amsel'), world.person('Bert')];
    const { enterpriseId, slug } = await world.enterprises.register(input('Markt'), anna);
    const seenBy = async (who: typeof anna) =>
      (await world.enterprises.get({ enterprise: slug }, who)).contact?.email;
    expect([await seenBy(anna), await seenBy(bert)]).toEqual(['anna@example.org', undefined]);
    const changes = enterpriseChanges.parse({ contactPublished: true });
    await world.enterprises.edit({ enterpriseId, changes }, anna);
    expect(await seenBy(bert)).toBe('anna@example.org');
    await expect(world.enterprises.edit({ enterpriseId, changes }, bert)).rejects.toEqual(
      refusal('forbidden'),
    );
    await expect(world.enterprises.edit({ enterpriseId: newId(), changes }, anna)).rejects.toEqual(
      refusal('not-found'),
    );
    await expect(world.enterprises.edit({ enterpriseId, changes: { isHub: false } }, anna)).rejects.toEqual(
      refusal('invalid-input'),
    );
    await expect(world.enterprises.get({ enterprise: newId() }, anna)).rejects.toEqual(refusal('not-found'));
  });

  it('is listed by name, as hub or producer, page by page', async () => {
    const anna = world.person('Anna Amsel');
    const hub = await world.enterprise(anna, 'B Hub', { isHub: true });
    const farm = await world.enterprise(anna, 'A Farm', { isProducer: true });
    const both = await world.enterprise(anna, 'C Farm shop', { isProducer: true, isHub: true });
    const names = async (role?: 'hub' | 'producer') =>
      (await world.enterprises.list({ role, managed: false, limit: 50 }, world.person('Bert'))).items.map(
        ({ enterpriseId }) => enterpriseId,
      );
    expect([await names(), await names('hub'), await names('producer')]).toEqual([
      [farm, hub, both],
      [hub, both],
      [farm, both],
    ]);
    const first = await world.enterprises.list({ managed: true, limit: 2 }, anna);
    expect(first.items.map(({ enterpriseId }) => enterpriseId)).toEqual([farm, hub]);
    const second = await world.enterprises.list(
      { managed: true, limit: 2, cursor: first.nextCursor ?? '' },
      anna,
    );
    expect(second).toMatchObject({
      items: [{ enterpriseId: both, contact: { name: 'Office of C Farm shop' } }],
      nextCursor: null,
    });
    const { items } = await world.enterprises.byIds({
      instanceId: world.instance.id,
      enterpriseIds: [farm, newId()],
    });
    expect(items).toHaveLength(1);
  });
});

describe('The managers of a hub', () => {
  const shares = (...pairs: [{ caller: { personId: string } }, number][]) =>
    pairs.map(([{ caller }, shareBps]) => ({ personId: caller.personId, shareBps }));
  const read = (sets: ManagersOf[]) =>
    sets.map(({ managers }) => managers.map(({ displayName, shareBps }) => `${displayName} ${shareBps}`));

  it('share its commission by date; the past stays as it was', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await world.joined(hub, anna, bert);
    const from = '2026-04-01T00:00:00.000Z';
    await world.managers.set(
      { enterpriseId: hub, change: { managers: shares([anna, 6_000], [bert, 3_000]), validFrom: from } },
      anna,
    );
    const before = await world.managers.list({ enterpriseId: hub }, anna);
    expect([before.current && read([before.current]), read(before.coming)]).toEqual([
      [['Anna 10000', 'Bert 0']],
      [['Anna 6000', 'Bert 3000']],
    ]);
    world.at('2026-04-02T00:00:00.000Z');
    await world.managers.set({ enterpriseId: hub, change: { managers: shares([bert, 10_000]) } }, bert);
    const after = await world.managers.list({ enterpriseId: hub }, bert);
    expect(read(after.past)).toEqual([['Anna 6000', 'Bert 3000'], ['Anna 10000', 'Bert 0'], ['Anna 10000']]);
    await expect(world.managers.list({ enterpriseId: hub }, anna)).rejects.toEqual(refusal('forbidden'));
  });

  it('are not set for a time that is past, nor among people nobody knows', async () => {
    const anna = world.person('Anna');
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const past = { managers: shares([anna, 1]), validFrom: '2026-02-28T00:00:00.000Z' };
    await expect(world.managers.set({ enterpriseId: hub, change: past }, anna)).rejects.toEqual(
      refusal('invalid-input'),
    );
    const unknown = { managers: [{ personId: newId(), shareBps: 1 }] };
    await expect(world.managers.set({ enterpriseId: hub, change: unknown }, anna)).rejects.toEqual(
      refusal('invalid-input'),
    );
  });

  it('cannot be changed backwards, or beyond 100 %, by writing rows either', async () => {
    const anna = world.person('Anna');
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const write = (sql: string, ...params: unknown[]) =>
      db.database.transaction(world.instance.id, (tx) => rowsOf(tx, sql, params));
    await expect(write('update shares set share_bps = 1')).rejects.toMatchObject({
      constraint: 'shares_stand',
    });
    await expect(write('delete from share_sets where enterprise_id = $1', hub)).rejects.toMatchObject({
      constraint: 'shares_stand',
    });
    const backdated = `insert into share_sets select gen_random_uuid(), $1, $2, now() - interval '1 day', now(), $2`;
    await expect(write(backdated, world.instance.id, hub)).rejects.toMatchObject({
      constraint: 'share_sets_never_alter_the_past',
    });
    const more = `insert into shares select instance_id, share_set_id, gen_random_uuid(), 1 from share_sets where enterprise_id = $1`;
    await expect(write(more, hub)).rejects.toMatchObject({ constraint: 'shares_add_up' });
  });
});

describe('Introductions, links and lists', () => {
  async function town() {
    const [hanna, petra, stella] = [world.person('Hanna'), world.person('Petra'), world.person('Stella')];
    const hub = await world.enterprise(hanna, 'Markt', { isHub: true });
    const farm = await world.enterprise(petra, 'Hof', { isProducer: true });
    const school = await world.enterprise(stella, 'School', { isHub: true });
    return { hanna, petra, stella, hub, farm, school, buyer: { kind: 'enterprise' as const, id: school } };
  }

  it('are proposed by the hub and answered once by the producer', async () => {
    const { hanna, petra, hub, farm, buyer } = await town();
    const propose = () => world.introductions.propose({ hubId: hub, producerId: farm, buyer }, hanna);
    const { introductionId } = await propose();
    await expect(propose()).rejects.toEqual(refusal('already-exists'));
    await expect(world.introductions.answer(introductionId, 'accepted', hanna)).rejects.toEqual(
      refusal('forbidden'),
    );
    await expect(world.introductions.answer(introductionId, 'accepted', petra)).resolves.toMatchObject({
      state: 'accepted',
      buyerName: 'School',
    });
    await expect(world.introductions.answer(introductionId, 'refused', petra)).rejects.toEqual(
      refusal('invalid-state'),
    );
    await expect(world.introductions.answer(newId(), 'refused', petra)).rejects.toEqual(refusal('not-found'));
    const page = await world.introductions.list({ producerId: farm, limit: 10 }, petra);
    expect(page.items).toMatchObject([{ introductionId, hubName: 'Markt', state: 'accepted' }]);
  });

  it('are refused within one side, of strangers, and of listed customers', async () => {
    const { hanna, petra, hub, farm, school, buyer } = await town();
    const propose = (producerId: string, who: { kind: 'person' | 'enterprise'; id: string }) =>
      world.introductions.propose({ hubId: hub, producerId, buyer: who }, hanna);
    await expect(propose(farm, { kind: 'enterprise', id: hub })).rejects.toEqual(refusal('self-referral'));
    await expect(propose(farm, asBuyer(world.person('Stranger')))).rejects.toEqual(refusal('not-found'));
    await expect(propose(school, buyer)).rejects.toEqual(refusal('not-found'));
    const { contact } = await world.enterprises.get(
      { enterprise: school },
      { ...hanna, caller: (await managerOf(school)).caller },
    );
    await world.existingCustomers.add(
      { producerId: farm, list: { contacts: [contact?.email ?? ''] } },
      petra,
    );
    world.at('2026-03-02T12:00:00.000Z');
    const { introductionId } = await propose(farm, buyer);
    await expect(world.introductions.answer(introductionId, 'accepted', petra)).rejects.toEqual(
      refusal('invalid-state'),
    );
  });

  async function managerOf(enterpriseId: string) {
    const [row] = await db.owner.queryIn<{ person: string }>(
      ALL_INSTANCES,
      'select owner_person_id as person from enterprises where enterprise_id = $1',
      [enterpriseId],
    );
    const context = world.person('x');
    return { ...context, caller: { ...context.caller, personId: row?.person ?? '' } };
  }

  it('a link is used once per buyer, not by the hub’s own people, and only with its signature', async () => {
    const { hanna, petra, stella, hub, school } = await town();
    const link = await world.links.create({ hubId: hub, label: 'Leaflet' }, hanna);
    await expect(world.links.create({ hubId: hub, label: 'No' }, petra)).rejects.toEqual(
      refusal('forbidden'),
    );
    await expect(world.links.get({ code: link.code }, petra)).resolves.toMatchObject({
      hubName: 'Markt',
      hubSlug: 'markt',
    });
    await expect(world.links.use({ code: link.code }, hanna)).rejects.toEqual(refusal('self-referral'));
    const used = await world.links.use({ code: link.code, enterpriseId: school }, stella);
    expect(Date.parse(used.countsUntil) - Date.parse(used.usedAt)).toBe(30 * 86_400_000);
    await expect(world.links.use({ code: link.code, enterpriseId: school }, petra)).rejects.toEqual(
      refusal('forbidden'),
    );
    const wrong = link.code.endsWith('0') ? `${link.code.slice(0, -1)}1` : `${link.code.slice(0, -1)}0`;
    await expect(world.links.use({ code: wrong }, petra)).rejects.toEqual(refusal('not-found'));
    await world.links.use({ code: link.code }, petra);
    const { items } = await world.links.list({ hubId: hub, limit: 10 }, hanna);
    expect(items).toEqual([{ ...link, uses: 2 }]);
  });

  it('a list of ten thousand customers is taken at once, and again adds nobody', async () => {
    const { petra, farm, hanna } = await town();
    const contacts = Array.from({ length: 10_000 }, (_, number) => `customer.${number}@example.org`);
    const add = (list: string[]) =>
      world.existingCustomers.add({ producerId: farm, list: { contacts: list } }, petra);
    await expect(add([...contacts.slice(1), ' Customer.1@EXAMPLE.org '])).resolves.toMatchObject({
      added: 9_999,
      alreadyListed: 0,
    });
    await expect(add(contacts)).resolves.toMatchObject({ added: 1, alreadyListed: 9_999 });
    await expect(
      world.existingCustomers.add({ producerId: farm, list: { contacts } }, hanna),
    ).rejects.toEqual(refusal('forbidden'));
  });
});

describe('The name of a buyer', () => {
  it('is seen by those who serve them, by stewards and by themselves', async () => {
    const [hanna, petra, ben] = [world.person('Hanna'), world.person('Petra'), world.person('Ben')];
    const hub = await world.enterprise(hanna, 'Markt', { isHub: true });
    await world.enterprise(petra, 'Hof', { isProducer: true });
    const { id: instanceId } = world.instance;
    const buyer = asBuyer(ben);
    await db.database.transaction(ALL_INSTANCES, async (tx) => {
      await world.buyers.registered(tx, [{ instanceId, personId: buyer.id }]);
      await world.buyers.served(tx, [{ instanceId, buyer, enterpriseIds: [hub] }]);
      await world.buyers.served(tx, [{ instanceId, buyer, enterpriseIds: [hub] }]);
    });
    const seenBy = async (who: typeof hanna) =>
      (await world.buyers.names({ ids: [buyer.id, newId()] }, who)).items.map(
        ({ displayName }) => displayName,
      );
    expect(await seenBy(hanna)).toEqual(['Ben']);
    expect(await seenBy(petra)).toEqual([]);
    expect(await seenBy(world.person('Stew', ['steward']))).toEqual(['Ben']);
    expect(await seenBy(ben)).toEqual(['Ben']);
  });
});

describe('A person who is erased', () => {
  it('leaves no name, contact or hash anywhere; ids and what producers had listed stand', async () => {
    const [hanna, otto, petra] = [world.person('Hanna Habicht'), world.person('Otto'), world.person('Petra')];
    const { email } = world.admin.get(hanna.caller.personId) ?? { email: '' };
    const hub = await world.enterprise(hanna, 'Erlenmarkt', { isHub: true, email, phone: '+49 170 998877' });
    const farm = await world.enterprise(petra, 'Hof', { isProducer: true });
    const mill = await world.enterprise(petra, 'Mühle', { isProducer: true });
    const kiosk = await world.enterprise(otto, 'Kiosk', { isHub: true });
    const change = {
      managers: [hanna, otto].map(({ caller }) => ({ personId: caller.personId, shareBps: 4_000 })),
    };
    await world.joined(hub, hanna, otto);
    await world.managers.set({ enterpriseId: hub, change }, hanna);
    await world.existingCustomers.add(
      { producerId: farm, list: { contacts: [email, '0049 170 998877'] } },
      petra,
    );
    world.at('2026-03-05T12:00:00.000Z');
    const first = world.paid({
      hubId: kiosk,
      buyer: asBuyer(hanna),
      producerIds: [mill],
      placedAt: '2026-03-03T12:00:00.000Z',
    });
    await world.attribute(first);
    const erase = () =>
      db.database.transaction(ALL_INSTANCES, (tx) =>
        world.erasures.erase(tx, [{ personId: hanna.caller.personId, erasedAt: world.now() }]),
      );
    await erase();
    await erase();
    const hashes = [email, '+49 170 998877'].map((contact) => world.contacts.hash(contact).toString('hex'));
    await expect(
      findEverywhere(['Habicht', email, '998877', 'Office of Erlenmarkt', ...hashes]),
    ).resolves.toEqual([]);
    const { current } = await world.managers.list({ enterpriseId: hub }, otto);
    expect(current).toMatchObject({ hubShareBps: 6_000, managers: [{ displayName: 'Otto' }] });
    const { items } = await world.referrals.ofHub({ hubId: kiosk, limit: 9 }, otto);
    expect(items).toMatchObject([{ buyerName: 'Former customer', state: 'standing' }]);
    // A paid event of before, come late: the producer's list still counts; and a late registration brings nothing back.
    const late = world.paid({
      hubId: kiosk,
      buyer: asBuyer(hanna),
      producerIds: [farm],
      placedAt: '2026-03-04T12:00:00.000Z',
    });
    const [attributed] = await world.attribute(late);
    expect(attributed?.attributions).toEqual([{ producerId: farm, referral: null }]);
    await db.database.transaction(ALL_INSTANCES, (tx) =>
      world.buyers.registered(tx, [{ instanceId: world.instance.id, personId: hanna.caller.personId }]),
    );
    await expect(findEverywhere(['Habicht', email, ...hashes])).resolves.toEqual([]);
  });

  /** Every table and column in which one of the texts is found, in any spelling. */
  async function findEverywhere(texts: string[]): Promise<string[]> {
    const tables = await db.owner.query<{ name: string }>(
      `select tablename as name from pg_tables where schemaname = 'hubs'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await db.owner.queryIn<{ row: string }>(
        ALL_INSTANCES,
        `select t::text as row from ${name} t`,
      );
      for (const { row } of rows) {
        const text = texts.find((one) => row.toLowerCase().includes(one.toLowerCase()));
        if (text) found.push(`${name}: ${text}`);
      }
    }
    return found;
  }
});

describe('The rows of an instance', () => {
  it('are neither seen nor written from another', async () => {
    const hanna = world.person('Hanna');
    const hub = await world.enterprise(hanna, 'Markt', { isHub: true });
    const elsewhere = new HubsWorld(db.database);
    const visitor = { ...hanna, caller: { ...hanna.caller, instance: elsewhere.instance } };
    await expect(world.enterprises.get({ enterprise: hub }, visitor)).rejects.toEqual(refusal('not-found'));
    await expect(world.links.create({ hubId: hub, label: 'x' }, visitor)).rejects.toEqual(
      refusal('not-found'),
    );
    const tables = await db.owner.query<{ name: string }>(
      `select distinct table_name as name from information_schema.columns
       where table_schema = 'hubs' and column_name = 'instance_id' and table_name <> 'outbox'`,
    );
    expect(tables.length).toBe(14);
    for (const { name } of tables) {
      const rows = await db.database.transaction(elsewhere.instance.id, (tx) =>
        rowsOf<{ count: number }>(tx, `select count(*) from ${name}`),
      );
      expect([name, rows[0]?.count]).toEqual([name, 0]);
    }
    const intrude = db.database.transaction(elsewhere.instance.id, (tx) =>
      rowsOf(tx, `insert into buyers (instance_id, person_id) values ($1, $2)`, [world.instance.id, newId()]),
    );
    await expect(intrude).rejects.toThrow('row-level security');
  });
});
