import { randomUUID } from 'node:crypto';
import type { DevelopingStatement, Earning, PitchView, PledgeView } from '@foodshed/contracts';
import { eventually, sharedSystem, type RunningSystem } from '@foodshed/testing';
import {
  balancesOf,
  giveBalance,
  inSystemMs,
  makePitch,
  networkWithSteward,
  pledge,
  receive,
  type Funder,
  type Network,
} from './developing.js';
import type { Person } from './marketplace.js';

let system: RunningSystem;
let networks: Network[];
let [anna, bela]: Person[] = [];
beforeAll(async () => {
  system = await sharedSystem();
  networks = [
    await networkWithSteward(system),
    await networkWithSteward(system),
    await networkWithSteward(system),
  ];
  [anna, bela] = [await networks[0]!.market.person('Anna'), await networks[0]!.market.person('Bela')];
}, 240_000);

const instanceOf = ({ market }: Network): Funder => ({ kind: 'instance', id: market.instanceId });
const pitchNow = (pitchId: string) => anna!.client.get<PitchView>(`/pitches/${pitchId}`);
const team = () => [
  { kind: 'person' as const, id: anna!.personId, shareBps: 5_000 },
  { kind: 'person' as const, id: bela!.personId, shareBps: 5_000 },
];

describe('A pitch that three instances fund', () => {
  let pitch: PitchView;
  const pledges: PledgeView[] = [];

  it('asks each of them for an equal part of 10,000.00', async () => {
    const askedInstanceIds = networks.map(({ market }) => market.instanceId);
    pitch = await makePitch(anna!, 1_000_000, { team: team(), askedInstanceIds });
    expect(pitch.asks.map(({ amountMinor }) => amountMinor)).toEqual([333_334, 333_333, 333_333]);
    const { items } = await networks[2]!.market.visitor().get<{ items: PitchView[] }>('/pitches?stage=open');
    expect(items.map(({ pitchId }) => pitchId)).toContain(pitch.pitchId);
  });

  it('holds each part in that instance’s ledger once its transfer is recorded, and is funded with the last', async () => {
    for (const [index, network] of networks.entries()) {
      const { amountMinor } = pitch.asks[index]!;
      const body = { funder: instanceOf(network), amountMinor, source: 'transfer' as const };
      const promised = await pledge(network.steward.client, pitch.pitchId, body);
      expect(promised).toMatchObject({ state: 'promised', escrow: null });
      expect(await pitchNow(pitch.pitchId)).toMatchObject({ state: 'open', promisedMinor: amountMinor });
      pledges.push(await receive(network, promised.pledgeId, amountMinor));
      expect(pledges[index]).toMatchObject({
        state: 'held',
        escrow: { payee: { owner: { kind: 'pitch', id: pitch.pitchId } }, deadline: pitch.heldUntil },
      });
      expect(await balancesOf(network, instanceOf(network))).toEqual({
        bank: [amountMinor, 0],
        developing: [amountMinor, amountMinor],
      });
    }
    expect(await pitchNow(pitch.pitchId)).toMatchObject({
      state: 'funded',
      heldMinor: 1_000_000,
      funders: 3,
    });
  });

  it('is not paid by its delivery, but by the acceptance of more than half of the money', async () => {
    const evidence = { url: 'https://example.org/offline', text: 'Released, with a film of a market day.' };
    const delivered = await anna!.client.post<PitchView>(`/pitches/${pitch.pitchId}/delivery`, evidence);
    expect(delivered).toMatchObject({ state: 'delivered', delivery: evidence, paidMinor: 0 });
    const judge = ({ steward }: Network, { pledgeId }: PledgeView) =>
      steward.client.put<PledgeView>(`/pledges/${pledgeId}/verdict`, { verdict: 'accepted' });
    await judge(networks[0]!, pledges[0]!);
    expect(await pitchNow(pitch.pitchId)).toMatchObject({ state: 'delivered', acceptedMinor: 333_334 });
    expect(
      (
        await anna!.client.send('PUT', `/pledges/${pledges[1]!.pledgeId}/verdict`, {
          body: { verdict: 'accepted' },
        })
      ).status,
    ).toBe(403);
    await judge(networks[1]!, pledges[1]!);
    expect(await pitchNow(pitch.pitchId)).toMatchObject({
      state: 'paid',
      paidMinor: 1_000_000,
      heldMinor: 0,
    });
  });

  it('has paid the team by shares to the cent, out of three ledgers that verify', async () => {
    const { items } = await anna!.client.get<{ items: Earning[] }>('/developing/earnings');
    expect(items.reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(500_000);
    expect(items.every(({ paidAt }) => paidAt !== null)).toBe(true);
    const earned = { anna: 0, bela: 0 };
    for (const network of networks) {
      const of = async (person: Person) =>
        (await balancesOf(network, { kind: 'person', id: person.personId }))['pending']![0];
      earned.anna += await of(anna!);
      earned.bela += await of(bela!);
      expect((await balancesOf(network, instanceOf(network)))['developing']).toEqual([0, 0]);
      expect(await balancesOf(network, { kind: 'pitch', id: pitch.pitchId })).toEqual({ pending: [0, 0] });
    }
    expect(earned).toEqual({ anna: 500_000, bela: 500_000 });
    expect(await system.runCommand('ledger', ['verify'])).toMatchObject({ code: 0 });
  });

  it('is in the statement of each instance’s function, into escrow and out of it', async () => {
    const { steward } = networks[0]!;
    const statement = await steward.client.get<DevelopingStatement>('/developing/statement');
    expect(statement).toMatchObject({
      currency: 'EUR',
      heldMinor: 333_334,
      paidMinor: 333_334,
      closingMinor: 0,
    });
    expect(
      statement.items.map(({ kind, changeMinor, standingMinor }) => [kind, changeMinor, standingMinor]),
    ).toEqual([
      ['held', 333_334, 333_334],
      ['paid', -333_334, 0],
    ]);
  });
});

describe('A pitch that misses its goal', () => {
  it('gives everything back by itself at its deadline, to a hub, a person and an instance', async () => {
    const network = networks[0]!;
    const [manager, buyer] = [await network.market.person('Hanno'), await network.market.person('Birk')];
    const hubId = await network.market.enterprise(manager, `Hub ${randomUUID().slice(0, 6)}`, 'hub');
    await manager.client.signIn(manager.email, manager.password);
    const funders: [Person, Funder][] = [
      [manager, { kind: 'enterprise', id: hubId }],
      [buyer, { kind: 'person', id: buyer.personId }],
      [network.steward, instanceOf(network)],
    ];
    for (const [{ client }, funder] of funders)
      await giveBalance(network, { client, funder, amountMinor: 5_000 });

    const fundUntil = await inSystemMs(network, 3_000);
    const { pitchId } = await makePitch(anna!, 20_000, { fundUntil });
    const pledges: PledgeView[] = [];
    for (const [{ client }, funder] of funders) {
      pledges.push(await pledge(client, pitchId, { funder, amountMinor: 4_000, source: 'balance' }));
    }
    expect(pledges.map(({ state }) => state)).toEqual(['held', 'held', 'held']);
    const purposes = ['pending', 'pending', 'developing'];
    for (const [index, [, funder]] of funders.entries()) {
      expect((await balancesOf(network, funder))[purposes[index]!]).toEqual([5_000, 4_000]);
    }

    await eventually(async () => expect((await pitchNow(pitchId)).state).toBe('refunded'), {
      timeoutMs: 20_000,
    });
    expect(await pitchNow(pitchId)).toMatchObject({
      failedBecause: 'goal-missed',
      returnedMinor: 12_000,
      paidMinor: 0,
    });
    for (const [index, [, funder]] of funders.entries()) {
      expect((await balancesOf(network, funder))[purposes[index]!]).toEqual([5_000, 0]);
    }
    expect(await system.runCommand('ledger', ['verify'])).toMatchObject({ code: 0 });
  }, 60_000);
});

describe('A pledge', () => {
  const refusal = async (
    client: Person['client'],
    path: string,
    body: object,
    idempotencyKey: string = randomUUID(),
  ) => {
    const answer = await client.send<{ code: string; fields?: { path: string }[] }>('POST', path, {
      body,
      idempotencyKey,
    });
    return [answer.status, answer.body.code, answer.body.fields?.[0]?.path];
  };

  it('is refused where the balance is short, again and again, and the pitch goes on without it', async () => {
    const { pitchId } = await makePitch(anna!, 10_000);
    const poor = await networks[0]!.market.person('Poor');
    const body = { funder: { kind: 'person', id: poor.personId }, amountMinor: 4_000, source: 'balance' };
    const key = randomUUID();
    for (let attempt = 0; attempt < 2; attempt++) {
      expect(await refusal(poor.client, `/pitches/${pitchId}/pledges`, body, key)).toEqual([
        409,
        'limit-exceeded',
        'amountMinor',
      ]);
    }
    const { items } = await poor.client.get<{ items: PledgeView[] }>('/pledges');
    expect(items.map(({ state }) => state)).toEqual(['refused']);
    expect(await pitchNow(pitchId)).toMatchObject({ heldMinor: 0, state: 'open' });
  });

  it('is made once for one key, at most of what is missing, and never by the team', async () => {
    const network = networks[1]!;
    const funder = instanceOf(network);
    await giveBalance(network, { client: network.steward.client, funder, amountMinor: 10_000 });
    const { pitchId } = await makePitch(anna!, 6_000);
    const path = `/pitches/${pitchId}/pledges`;
    const body = { funder, amountMinor: 4_000, source: 'balance' };
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 4 }, () =>
        network.steward.client.send<PledgeView>('POST', path, { body, idempotencyKey: key }),
      ),
    );
    const made = answers.filter(({ status }) => status === 201).map((answer) => answer.body.pledgeId);
    expect(new Set(made).size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
    expect((await balancesOf(network, funder))['developing']).toEqual([10_000, 4_000]);
    expect(await refusal(network.steward.client, path, { ...body, amountMinor: 2_001 })).toEqual([
      409,
      'goal-exceeded',
      'amountMinor',
    ]);
    const own = { funder: { kind: 'person', id: anna!.personId }, amountMinor: 100, source: 'balance' };
    expect((await refusal(anna!.client, path, own))[1]).toBe('own-pitch');
    expect((await refusal(bela!.client, path, body))[1]).toBe('forbidden');
    const back = await network.steward.client.post<PledgeView>(`/pledges/${made[0]}/withdrawal`);
    expect(back.state).toBe('returned');
    expect((await balancesOf(network, funder))['developing']).toEqual([10_000, 0]);
  });

  it('of a person is not named to others', async () => {
    const network = networks[0]!;
    const giver = await network.market.person('Giver');
    const funder: Funder = { kind: 'person', id: giver.personId };
    await giveBalance(network, { client: giver.client, funder, amountMinor: 500 });
    const { pitchId } = await makePitch(anna!, 600);
    await pledge(giver.client, pitchId, { funder, amountMinor: 500, source: 'balance' });
    const seenBy = async (client: Person['client']) =>
      (await client.get<{ items: PledgeView[] }>(`/pitches/${pitchId}/pledges`)).items[0]?.funder.id;
    expect(await seenBy(giver.client)).toBe(giver.personId);
    expect(await seenBy(network.steward.client)).toBe(giver.personId);
    expect(await seenBy(anna!.client)).toBeNull();
    expect(await seenBy(networks[1]!.steward.client)).toBeNull();
    expect(await seenBy(network.market.visitor())).toBeNull();
  });

  it('goes back when a majority refuses the delivery, and when the team gives up', async () => {
    const network = networks[2]!;
    const funder = instanceOf(network);
    await giveBalance(network, { client: network.steward.client, funder, amountMinor: 1_000 });
    const refused = await makePitch(anna!, 1_000);
    const own = await pledge(network.steward.client, refused.pitchId, {
      funder,
      amountMinor: 1_000,
      source: 'balance',
    });
    await anna!.client.post(`/pitches/${refused.pitchId}/delivery`, {
      url: 'https://example.org',
      text: 'Nothing yet.',
    });
    await network.steward.client.put(`/pledges/${own.pledgeId}/verdict`, { verdict: 'refused' });
    expect(await pitchNow(refused.pitchId)).toMatchObject({ state: 'refunded', failedBecause: 'refused' });
    const dropped = await makePitch(anna!, 2_000);
    await pledge(network.steward.client, dropped.pitchId, { funder, amountMinor: 1_000, source: 'balance' });
    await anna!.client.post(`/pitches/${dropped.pitchId}/withdrawal`);
    expect(await pitchNow(dropped.pitchId)).toMatchObject({ state: 'refunded', failedBecause: 'withdrawn' });
    expect((await balancesOf(network, funder))['developing']).toEqual([1_000, 0]);
  });
});
