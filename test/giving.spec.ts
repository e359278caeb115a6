import { randomUUID } from 'node:crypto';
import type { ContributingStatement, GiftView, ReceivedGift, ReceivedSummary } from '@foodshed/contracts';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import { balancesOf, giveBalance, makePitch, networkWithSteward, type Network } from './developing.js';
import { give } from './giving.js';
import type { Person } from './marketplace.js';

let system: RunningSystem;
let network: Network;
let [giver, farmer, manager]: Person[] = [];
let [farmId, hubId]: string[] = [];
const person = ({ personId }: Person) => ({ kind: 'person' as const, id: personId });
const farm = () => ({ kind: 'enterprise' as const, id: farmId! });
const standing = async (owner: { kind: string; id: string }, purpose = 'pending') =>
  (await balancesOf(network, owner))[purpose]?.[0] ?? 0;

beforeAll(async () => {
  system = await sharedSystem();
  network = await networkWithSteward(system);
  const { market } = network;
  [giver, farmer, manager] = [
    await market.person('Gita Giver'),
    await market.person('Fenna'),
    await market.person('Hanno'),
  ];
  farmId = await market.enterprise(farmer, `Farm ${randomUUID().slice(0, 6)}`, 'producer');
  hubId = await market.enterprise(manager, `Hub ${randomUUID().slice(0, 6)}`, 'hub');
  await farmer.client.signIn(farmer.email, farmer.password);
  await manager.client.signIn(manager.email, manager.password);
  await giveBalance(network, { client: giver.client, funder: person(giver), amountMinor: 10_000 });
}, 240_000);

describe('A gift out of one’s own balance', () => {
  it('is posted at once, whole to the receiver, with nothing for the platform unless the giver says so', async () => {
    const gift = await give(giver!.client, {
      giver: person(giver!),
      receiver: farm(),
      amountMinor: 1_234,
      message: 'For the new greenhouse',
    });
    expect(gift).toMatchObject({ state: 'given', platformPartMinor: 0, isOwn: true });
    expect([await standing(person(giver!)), await standing(farm())]).toEqual([8_766, 1_234]);
    expect(await standing({ kind: 'instance', id: network.market.instanceId }, 'administration')).toBe(0);
  });

  it('adds for the platform what the giver enters, beside what the receiver gets', async () => {
    const gift = { giver: person(giver!), receiver: farm(), amountMinor: 766, platformPartMinor: 100 };
    await give(giver!.client, { ...gift, isUnnamed: true, message: 'Quietly' });
    expect([await standing(person(giver!)), await standing(farm())]).toEqual([7_900, 2_000]);
    expect(await standing({ kind: 'instance', id: network.market.instanceId }, 'administration')).toBe(100);
  });

  it('is seen by the receiver with its words, by month, and without who stays unnamed', async () => {
    const { items } = await farmer!.client.get<{ items: ReceivedGift[] }>('/gifts/received');
    expect(items.map(({ giver: by, message, amountMinor }) => [by.name, message, amountMinor])).toEqual([
      [null, 'Quietly', 766],
      ['Gita Giver', 'For the new greenhouse', 1_234],
    ]);
    expect(items[0]!.giver.id).toBeNull();
    const summary = await farmer!.client.get<{ items: ReceivedSummary[] }>('/gifts/received/summary');
    expect(summary.items).toHaveLength(1);
    expect(summary.items[0]).toMatchObject({ payee: farm(), totalMinor: 2_000, givers: 2 });
    expect(summary.items[0]!.months).toHaveLength(12);
    // Both are of one hand, which the number must not tell.
    expect(summary.items[0]!.months.at(-1)).toMatchObject({ amountMinor: 2_000, gifts: 2, givers: 2 });
  });

  it('is answered by who received it, and nobody else', async () => {
    const { items } = await giver!.client.get<{ items: GiftView[] }>('/gifts/given');
    const { giftId } = items.at(-1)!;
    const path = `/gifts/${giftId}/answer`;
    const answer = 'It stands, and the first tomatoes are in.';
    expect((await manager!.client.send('PUT', path, { body: { answer } })).status).toBe(404);
    await farmer!.client.put(path, { answer });
    const seen = await giver!.client.get<{ items: GiftView[] }>('/gifts/given');
    expect(seen.items.at(-1)).toMatchObject({ answer, parts: [{ payee: farm(), amountMinor: 1_234 }] });
  });
});

describe('A gift to those who make something', () => {
  it('goes to a pitch’s team by its shares, or to each of the team equally, to the cent', async () => {
    const [anna, bela, cleo] = [
      await network.market.person('Anna'),
      await network.market.person('Bela'),
      await network.market.person('Cleo'),
    ];
    const { pitchId } = await makePitch(anna, 5_000, {
      team: [
        { ...person(anna), shareBps: 8_000 },
        { ...person(bela), shareBps: 1_500 },
        { ...person(cleo), shareBps: 500 },
      ],
    });
    await give(giver!.client, {
      giver: person(giver!),
      receiver: { kind: 'pitch', id: pitchId },
      amountMinor: 15,
    });
    const of = () => Promise.all([anna, bela, cleo].map((one) => standing(person(one))));
    expect(await of()).toEqual([12, 2, 1]);
    await give(giver!.client, {
      giver: person(giver!),
      receiver: { kind: 'team', id: pitchId },
      amountMinor: 100,
    });
    expect(await of()).toEqual([46, 35, 34]);
  });
});

describe('Money that comes from outside', () => {
  it('is promised, and given once whoever has it says so: cash by the hub, in whose till it is', async () => {
    const promised = await give(giver!.client, {
      giver: person(giver!),
      receiver: farm(),
      amountMinor: 500,
      source: 'cash',
      hubId: hubId!,
      message: 'With thanks',
    });
    expect(promised.state).toBe('promised');
    expect(await standing(farm())).toBe(2_000);
    const { items } = await manager!.client.get<{ items: GiftView[] }>('/gifts/promised');
    expect(items).toMatchObject([{ giftId: promised.giftId, giver: { name: 'Gita Giver' }, message: '' }]);
    const path = `/gifts/${promised.giftId}/receipt`;
    const body = { receivedMinor: 700, holder: 'hub-till' };
    expect(
      (await network.steward.client.send('POST', path, { body, idempotencyKey: randomUUID() })).status,
    ).toBe(403);
    await manager!.client.post(path, body);
    expect(await standing(farm())).toBe(2_700);
    expect(await standing({ kind: 'enterprise', id: hubId! }, 'till')).toBe(700);
  });

  it('can be taken back while it is a promise, and not any more once it is given', async () => {
    const gift = { giver: person(giver!), receiver: farm(), amountMinor: 500, source: 'transfer' as const };
    const { giftId } = await give(giver!.client, gift);
    const { state } = await giver!.client.post<GiftView>(`/gifts/${giftId}/withdrawal`);
    expect(state).toBe('withdrawn');
    const given = await give(giver!.client, { ...gift, source: 'balance' });
    const answer = await giver!.client.send<{ code: string }>('POST', `/gifts/${given.giftId}/withdrawal`);
    expect([answer.status, answer.body.code]).toEqual([409, 'invalid-state']);
    expect(await standing(farm())).toBe(3_200);
  });
});

describe('A gift is refused', () => {
  const refusal = async (client: Person['client'], gift: object) => {
    const body = { giver: person(giver!), receiver: farm(), amountMinor: 100, source: 'balance', ...gift };
    const answer = await client.send<{ code: string; fields?: { path: string }[] }>('POST', '/gifts', {
      body,
      idempotencyKey: randomUUID(),
    });
    return [answer.body.code, answer.body.fields?.[0]?.path];
  };

  it('where the balance is short, where it is not theirs, and where nobody would receive it, by field', async () => {
    const { client } = giver!;
    expect(await refusal(client, { amountMinor: 1_000_000 })).toEqual(['limit-exceeded', 'amountMinor']);
    expect(await refusal(client, { giver: person(farmer!) })).toEqual(['forbidden', 'giver']);
    expect(await refusal(client, { receiver: person(giver!) })).toEqual(['invalid-input', 'receiver.id']);
    const nobody = { kind: 'person', id: randomUUID() };
    expect(await refusal(client, { receiver: nobody })).toEqual(['invalid-input', 'receiver.id']);
    expect(await refusal(client, { source: 'cash' })).toEqual(['invalid-input', 'hubId']);
    expect(await refusal(client, { source: 'cash', hubId: farmId })).toEqual(['invalid-input', 'hubId']);
    const own = { giver: farm(), receiver: person(farmer!) };
    expect(await refusal(farmer!.client, own)).toEqual(['forbidden', 'receiver.id']);
    const instance = { giver: { kind: 'instance', id: network.market.instanceId } };
    expect(await refusal(network.steward.client, instance)).toEqual(['invalid-input', 'source']);
  });

  it('for what its key was used for, and made once however often it is sent', async () => {
    const body = { giver: person(giver!), receiver: farm(), amountMinor: 10, source: 'balance' };
    const idempotencyKey = randomUUID();
    const before = await standing(farm());
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        giver!.client.send<GiftView>('POST', '/gifts', { body, idempotencyKey }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201).map((answer) => answer.body.giftId);
    expect(new Set(made).size).toBe(1);
    expect(await standing(farm())).toBe(before + 10);
  });
});

describe('The contributing function', () => {
  it('has a statement of its own that agrees with the ledger, which verifies', async () => {
    const statement = await network.steward.client.get<ContributingStatement>('/contributing/statement');
    expect(statement).toMatchObject({ amountMinor: 3_325, platformPartMinor: 100, givers: 1, receivers: 2 });
    const sum = statement.items.reduce((total, { amountMinor }) => total + amountMinor, 0);
    expect(sum).toBe(statement.amountMinor);
    expect(JSON.stringify(statement)).not.toContain(giver!.personId);
    expect(await system.runCommand('ledger', ['verify'])).toMatchObject({ code: 0 });
  });

  it('does not name who gets a gift back, and it goes back once', async () => {
    const [before, hub] = [await standing(person(giver!)), { kind: 'enterprise' as const, id: hubId! }];
    await give(giver!.client, { giver: person(giver!), receiver: hub, amountMinor: 300, isUnnamed: true });
    const { items } = await manager!.client.get<{ items: ReceivedGift[] }>('/gifts/received');
    expect(items[0]).toMatchObject({ amountMinor: 300, isReturned: false, giver: { id: null } });
    const path = `/gifts/${items[0]!.giftId}/return`;
    const send = (client: Person['client'], payee: object) =>
      client.send<{ code?: string; fields?: { path: string }[] }>('POST', path, {
        body: { payee },
        idempotencyKey: randomUUID(),
      });
    expect((await send(farmer!.client, farm())).status).toBe(404);
    expect((await send(manager!.client, farm())).body.fields?.[0]?.path).toBe('payee.id');
    const both = await Promise.all([send(manager!.client, hub), send(manager!.client, hub)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect([await standing(hub), await standing(person(giver!))]).toEqual([0, before]);
    const seen = await Promise.all(
      ['/gifts/received', '/gifts/given', '/gifts/received/summary'].map((of) => manager!.client.get(of)),
    );
    const statement = await network.steward.client.get('/contributing/statement');
    expect(JSON.stringify([both, seen, statement])).not.toMatch(new RegExp(`${giver!.personId}|Gita`));
    expect(seen[0]).toMatchObject({ items: [{ isReturned: true }] });
    expect(seen[2]).toEqual({ items: [], nextCursor: null });
    const back = await giver!.client.get<{ items: ReceivedGift[] }>('/gifts/received');
    expect(back.items[0]).toMatchObject({
      amountMinor: 300,
      returns: items[0]!.giftId,
      giver: { id: hubId },
    });
  });

  it('forgets the words of who is erased, and keeps the sums', async () => {
    await network.market.operator.send('DELETE', `/people/${giver!.personId}`);
    await eventually(async () => {
      const { items } = await farmer!.client.get<{ items: ReceivedGift[] }>('/gifts/received');
      expect(items.map(({ message, answer, giver: by }) => [message, answer, by.name])).toEqual(
        items.map(() => ['', null, null]),
      );
      expect(items.reduce((total, { amountMinor }) => total + amountMinor, 0)).toBe(3_210);
    });
  });
});
