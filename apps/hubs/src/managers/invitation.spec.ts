import type { CallContext, PersonCaller } from '@foodshed/contracts';
import { ALL_INSTANCES, newId, rowsOf } from '@foodshed/platform';
import { testDatabase, type TestDatabase } from '@foodshed/testing';
import { asBuyer, HubsWorld } from '../hubs.fixture.js';
import { CreateHubs1700000000000 } from '../migrations/1700000000000-create-hubs.js';
import { answeredInvitation } from './invitation.rules.js';
import { removeExpiredInvitations } from './invitation.store.js';

type Somebody = CallContext & { caller: PersonCaller };

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
const idOf = ({ caller }: Somebody): string => caller.personId;
const emailOf = (who: Somebody): string => world.admin.get(idOf(who))?.email ?? '';
const invite = (enterpriseId: string, by: Somebody, email: string) =>
  world.invitations.invite({ enterpriseId, invite: { email } }, by);
const setShares = (enterpriseId: string, by: Somebody, shares: [Somebody, number][]) => {
  const managers = shares.map(([who, shareBps]) => ({ personId: idOf(who), shareBps }));
  return world.managers.set({ enterpriseId, change: { managers } }, by);
};
const managed = async (who: Somebody) =>
  (await world.managers.managed({ instanceId: world.instance.id, personId: idOf(who) })).enterpriseIds;
const changes = async () => {
  const rows = await db.database.transaction(world.instance.id, (tx) =>
    rowsOf<{ payload: { change: string; actorId: string } }>(
      tx,
      `select payload from outbox where subject = 'hubs.events.managers-changed.v1' and instance_id = $1 order by id`,
      [world.instance.id],
    ),
  );
  return rows.map(({ payload }) => [payload.change, payload.actorId]);
};

describe('Becoming a manager', () => {
  it('needs the consent of whoever becomes one', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await expect(
      setShares(hub, anna, [
        [anna, 6_000],
        [bert, 4_000],
      ]),
    ).rejects.toEqual(refusal('invalid-input'));
    await invite(hub, anna, emailOf(bert));
    await expect(
      setShares(hub, anna, [
        [anna, 6_000],
        [bert, 4_000],
      ]),
    ).rejects.toEqual(refusal('invalid-input'));
    expect(await managed(bert)).toEqual([]);
    await expect(world.managers.list({ enterpriseId: hub }, bert)).rejects.toEqual(refusal('forbidden'));
  });

  it('gives rights at once, and shares when they are set; the audit hears who invited and who accepted', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const coming = '2026-04-01T00:00:00.000Z';
    const only = { managers: [{ personId: idOf(anna), shareBps: 9_000 }], validFrom: coming };
    await world.managers.set({ enterpriseId: hub, change: only }, anna);
    const { invitationId } = await invite(hub, anna, emailOf(bert).toUpperCase());
    const { items } = await world.invitations.own(bert);
    expect(items).toMatchObject([
      { invitationId, enterpriseName: 'Markt', invitedByName: 'Anna', isHub: true },
    ]);
    await world.invitations.answer(invitationId, 'accepted', bert);
    expect(await managed(bert)).toEqual([hub]);
    expect(JSON.parse(world.told.at(-1) ?? '')).toEqual({ personIds: [idOf(bert)] });
    const seen = await world.managers.list({ enterpriseId: hub }, bert);
    const shares = [seen.current, ...seen.coming].map((set) =>
      set?.managers.map(({ displayName, shareBps }) => `${displayName} ${shareBps}`).sort(),
    );
    expect(shares).toEqual([
      ['Anna 10000', 'Bert 0'],
      ['Anna 9000', 'Bert 0'],
    ]);
    await setShares(hub, bert, [
      [anna, 6_000],
      [bert, 4_000],
    ]);
    expect(await changes()).toEqual([
      ['shares-set', idOf(anna)],
      ['invited', idOf(anna)],
      ['invitation-accepted', idOf(bert)],
      ['shares-set', idOf(bert)],
    ]);
    await expect(world.invitations.answer(invitationId, 'accepted', bert)).rejects.toEqual(
      refusal('invalid-state'),
    );
  });

  it('answers the same for an address of somebody, of nobody, and of a manager of the enterprise', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await world.joined(hub, anna, bert);
    const stranger = world.person('Somebody');
    const addresses = [emailOf(stranger), 'nobody@example.org', emailOf(bert)];
    const answers = [];
    for (const email of addresses) {
      const { invitationId: _id, email: echoed, ...rest } = await invite(hub, anna, email);
      expect(echoed).toBe(email);
      answers.push({ ...rest, invitedAt: '', expiresAt: '' });
    }
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
    const again = await invite(hub, anna, 'nobody@example.org');
    const listed = await world.invitations.list({ enterpriseId: hub }, bert);
    expect(listed.items.map(({ email }) => email).sort()).toEqual([...addresses].sort());
    expect(listed.items.filter(({ invitationId }) => invitationId === again.invitationId)).toHaveLength(1);
    // Whoever manages already is not asked again.
    expect((await world.invitations.own(bert)).items).toEqual([]);
  });

  it('is offered to nobody but the verified owner of the address', async () => {
    const [anna, bert, mallory] = [world.person('Anna'), world.person('Bert'), world.person('Mallory')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const { invitationId } = await invite(hub, anna, emailOf(bert));
    const { displayName, email } = world.admin.get(idOf(bert))!;
    world.admin.set(idOf(mallory), { displayName: 'Mallory', email, emailVerifiedAt: null });
    expect((await world.invitations.own(mallory)).items).toEqual([]);
    for (const answer of ['accepted', 'declined'] as const) {
      await expect(world.invitations.answer(invitationId, answer, mallory)).rejects.toEqual(
        refusal('not-found'),
      );
    }
    world.admin.set(idOf(bert), { displayName, email, emailVerifiedAt: null });
    expect((await world.invitations.own(bert)).items).toEqual([]);
    world.admin.set(idOf(bert), { displayName, email, emailVerifiedAt: world.now() });
    expect((await world.invitations.own(bert)).items).toHaveLength(1);
    await world.invitations.answer(invitationId, 'declined', bert);
    expect(await managed(bert)).toEqual([]);
    const { items } = await world.invitations.list({ enterpriseId: hub }, anna);
    expect(items).toEqual([]);
  });

  it('is offered by id to those only with whom the inviter manages something', async () => {
    const [anna, bert, cleo] = [world.person('Anna'), world.person('Bert'), world.person('Cleo')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const second = await world.enterprise(anna, 'Zweiter Markt', { isHub: true });
    await world.enterprise(cleo, 'Hof', { isProducer: true });
    await world.joined(hub, anna, bert);
    const byId = (who: Somebody, enterpriseId = second) =>
      world.invitations.invite({ enterpriseId, invite: { personId: idOf(who) } }, anna);
    await expect(byId(cleo)).rejects.toEqual(refusal('not-found'));
    await expect(byId(bert, hub)).rejects.toEqual(refusal('invalid-state'));
    const { invitationId } = await byId(bert);
    expect((await world.invitations.own(bert)).items).toMatchObject([{ invitationId, enterpriseId: second }]);
    await world.invitations.answer(invitationId, 'accepted', bert);
    expect(new Set(await managed(bert))).toEqual(new Set([hub, second]));
  });

  it('is offered and withdrawn by managers only, lapses after a month and with its inviter', async () => {
    const [anna, bert, cleo] = [world.person('Anna'), world.person('Bert'), world.person('Cleo')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await expect(invite(hub, bert, emailOf(bert))).rejects.toEqual(refusal('forbidden'));
    const { invitationId } = await invite(hub, anna, emailOf(bert));
    const withdraw = (who: Somebody) => world.invitations.withdraw({ enterpriseId: hub, invitationId }, who);
    await expect(withdraw(bert)).rejects.toEqual(refusal('forbidden'));
    await expect(world.invitations.list({ enterpriseId: hub }, bert)).rejects.toEqual(refusal('forbidden'));
    await withdraw(anna);
    await expect(world.invitations.answer(invitationId, 'accepted', bert)).rejects.toEqual(
      refusal('not-found'),
    );

    await world.joined(hub, anna, cleo);
    const ofCleo = await invite(hub, cleo, emailOf(bert));
    await setShares(hub, anna, [[anna, 10_000]]);
    await expect(world.invitations.answer(ofCleo.invitationId, 'accepted', bert)).rejects.toEqual(
      refusal('invalid-state'),
    );
    const late = await invite(hub, anna, emailOf(bert));
    world.at('2026-04-15T12:00:00.000Z');
    await expect(world.invitations.answer(late.invitationId, 'accepted', bert)).rejects.toEqual(
      refusal('invalid-state'),
    );
    expect((await world.invitations.own(bert)).items).toEqual([]);
    await db.database.transaction(ALL_INSTANCES, (tx) => removeExpiredInvitations(tx, world.clock.now()));
    await expect(world.invitations.answer(late.invitationId, 'accepted', bert)).rejects.toEqual(
      refusal('not-found'),
    );
    expect(await managed(bert)).toEqual([]);
  });

  it('does not reach into another instance', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    const { invitationId } = await invite(hub, anna, emailOf(bert));
    const elsewhere = { ...bert, caller: { ...bert.caller, instance: { ...world.instance, id: newId() } } };
    expect((await world.invitations.own(elsewhere)).items).toEqual([]);
    await expect(world.invitations.answer(invitationId, 'accepted', elsewhere)).rejects.toEqual(
      refusal('not-found'),
    );
  });

  it('has answers that are final', () => {
    const expiresAt = '2026-03-02T00:00:00.000Z';
    const [before, after] = ['2026-03-01T00:00:00.000Z', '2026-03-03T00:00:00.000Z'];
    expect(answeredInvitation({ state: 'pending', expiresAt }, 'accepted', before)).toBe('accepted');
    expect(answeredInvitation({ state: 'pending', expiresAt }, 'declined', after)).toBe('declined');
    for (const state of ['accepted', 'declined', 'withdrawn'] as const)
      expect(() => answeredInvitation({ state, expiresAt }, 'accepted', before)).toThrow();
  });
});

describe('A producer that wants to be rid of a hub’s referrals', () => {
  it('cannot make them self-referrals by inviting the hub’s manager', async () => {
    const [hanna, petra, ben] = [world.person('Hanna'), world.person('Petra'), world.person('Ben')];
    const hub = await world.enterprise(hanna, 'Markt', { isHub: true });
    const farm = await world.enterprise(petra, 'Hof', { isProducer: true });
    const shares: [Somebody, number][] = [
      [petra, 0],
      [hanna, 0],
    ];
    await expect(setShares(farm, petra, shares)).rejects.toEqual(refusal('invalid-input'));
    const { invitationId } = await invite(farm, petra, emailOf(hanna));
    world.at('2026-03-02T12:00:00.000Z');
    const sale = (buyer: Somebody) => {
      const placedAt = world.now();
      return world.paid({ hubId: hub, buyer: asBuyer(buyer), producerIds: [farm], placedAt });
    };
    const [pending] = await world.attribute(sale(ben));
    expect(pending?.attributions).toMatchObject([{ producerId: farm, referral: { hubId: hub } }]);
    // Once she manages both by her own will, it is one side.
    await world.invitations.answer(invitationId, 'accepted', hanna);
    world.at('2026-03-03T12:00:00.000Z');
    const [accepted] = await world.attribute(sale(world.person('Carla')));
    expect(accepted?.attributions).toEqual([{ producerId: farm, referral: null }]);
  });
});

describe('Leaving', () => {
  it('is up to each manager but the last; the share is the hub’s own until shares are set', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await expect(world.managers.leave({ enterpriseId: hub }, anna)).rejects.toEqual(refusal('invalid-state'));
    await world.joined(hub, anna, bert);
    await setShares(hub, anna, [
      [anna, 6_000],
      [bert, 4_000],
    ]);
    await world.managers.leave({ enterpriseId: hub }, bert);
    expect(await managed(bert)).toEqual([]);
    await expect(world.managers.leave({ enterpriseId: hub }, bert)).rejects.toEqual(refusal('forbidden'));
    const { current } = await world.managers.list({ enterpriseId: hub }, anna);
    expect(current).toMatchObject({
      hubShareBps: 4_000,
      managers: [{ displayName: 'Anna', shareBps: 6_000 }],
    });
    expect((await changes()).at(-1)).toEqual(['left', idOf(bert)]);
    expect(JSON.parse(world.told.at(-1) ?? '')).toEqual({ personIds: [idOf(bert)] });
    await expect(
      setShares(hub, anna, [
        [anna, 6_000],
        [bert, 4_000],
      ]),
    ).rejects.toEqual(refusal('invalid-input'));
  });

  it('never leaves shares that are set for later without anybody', async () => {
    const [anna, bert] = [world.person('Anna'), world.person('Bert')];
    const hub = await world.enterprise(anna, 'Markt', { isHub: true });
    await world.joined(hub, anna, bert);
    const coming = {
      managers: [{ personId: idOf(bert), shareBps: 1 }],
      validFrom: '2026-04-01T00:00:00.000Z',
    };
    await world.managers.set({ enterpriseId: hub, change: coming }, anna);
    await expect(world.managers.leave({ enterpriseId: hub }, bert)).rejects.toEqual(refusal('invalid-state'));
    await world.managers.leave({ enterpriseId: hub }, anna);
  });
});
