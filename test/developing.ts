import { randomUUID } from 'node:crypto';
import type { LedgerAccount, NewPitch, PitchView, PledgeView } from '@foodshed/contracts';
import type { RunningSystem } from '@foodshed/testing';
import type { Client } from './client.js';
import { Marketplace, type Person } from './marketplace.js';

export type Funder = PledgeView['funder'] & { id: string };

/** An instance with a steward, who funds for it. */
export interface Network {
  readonly market: Marketplace;
  readonly steward: Person;
}

/** So many milliseconds from the system's own now: its time may have been moved. */
export async function inSystemMs({ market }: Network, ms: number): Promise<string> {
  const { clock } = await market.operator.get<{ clock: { now: string } }>('/system/health');
  return new Date(Date.parse(clock.now) + ms).toISOString();
}

/** So many milliseconds from now, as pitches take it. */
export const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
const DAY_MS = 86_400_000;

export async function networkWithSteward(system: RunningSystem, name = 'Sela Steward'): Promise<Network> {
  const market = await Marketplace.make(system);
  const steward = await market.person(name);
  await market.operator.put(`/people/${steward.personId}/roles`, { roles: ['steward'] });
  await steward.client.signIn(steward.email, steward.password);
  return { market, steward };
}

/** A pitch of one team, open for a day unless told otherwise. */
export function makePitch(
  maker: Person,
  goalMinor: number,
  more: Partial<NewPitch> = {},
): Promise<PitchView> {
  return maker.client.post<PitchView>('/pitches', {
    title: 'Packing lists that work offline',
    need: 'At a market stall there is no connection, and yet the list must be ticked off.',
    audience: 'Every producer who brings goods to a market.',
    goalMinor,
    currency: 'EUR',
    fundUntil: inMs(DAY_MS),
    deliverBy: inMs(30 * DAY_MS),
    team: [{ kind: 'person', id: maker.personId, shareBps: 10_000 }],
    ...more,
  });
}

export function pledge(
  client: Client,
  pitchId: string,
  body: { funder: Funder; amountMinor: number; source: 'balance' | 'administration' | 'transfer' },
): Promise<PledgeView> {
  return client.post<PledgeView>(`/pitches/${pitchId}/pledges`, body);
}

/** Records that a promised transfer came to the instance's bank. */
export function receive({ steward }: Network, pledgeId: string, receivedMinor: number): Promise<PledgeView> {
  return steward.client.post<PledgeView>(`/pledges/${pledgeId}/receipt`, {
    receivedMinor,
    holder: 'instance-bank',
  });
}

/** Gives a funder a balance: money that comes for a promise that was taken back stays theirs. */
export async function giveBalance(
  network: Network,
  { client, funder, amountMinor }: { client: Client; funder: Funder; amountMinor: number },
): Promise<void> {
  const maker = await network.market.person(`Maker ${randomUUID().slice(0, 6)}`);
  const { pitchId } = await makePitch(maker, amountMinor);
  const { pledgeId } = await pledge(client, pitchId, { funder, amountMinor, source: 'transfer' });
  await client.post(`/pledges/${pledgeId}/withdrawal`);
  const kept = await receive(network, pledgeId, amountMinor);
  expect(kept).toMatchObject({ state: 'returned', escrow: null, receivedMinor: amountMinor });
  await maker.client.post(`/pitches/${pitchId}/withdrawal`);
}

/** What an owner has in an instance's ledger, by purpose: standing and what of it is held. */
export async function balancesOf(
  { steward }: Network,
  owner: { kind: string; id: string },
): Promise<Record<string, [standing: number, held: number]>> {
  const { items } = await steward.client.get<{ items: LedgerAccount[] }>(
    `/accounts?ownerKind=${owner.kind}&ownerId=${owner.id}`,
  );
  return Object.fromEntries(
    items.map(({ account, standingMinor, reservedMinor }) => [
      account.purpose,
      [standingMinor, reservedMinor],
    ]),
  );
}
