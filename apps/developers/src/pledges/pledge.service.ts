import {
  DomainError,
  hasRole,
  idAfter,
  pageFrom,
  requireInstance,
  requirePerson,
  type CallContext,
  type PersonCaller,
  type PledgeView,
  type RpcInput,
  type developersRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, idempotent, newId, onceOf, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { EscrowService, missingMinor } from '../escrow/escrow.service.js';
import { MovesService } from '../escrow/moves.service.js';
import { requirePitchStep } from '../pitches/pitch-state.rules.js';
import { decisionOf, isOnTeam } from '../pitches/pitch.rules.js';
import { requirePitch } from '../pitches/pitch.service.js';
import type { Pitch } from '../pitches/pitch.store.js';
import { pledgeView } from '../pitches/view.rules.js';
import { firstState, nextPledgeState } from './pledge-state.rules.js';
import { requireSource, requireVoice } from './pledge.rules.js';
import {
  findPledge,
  findPledgesOfFunders,
  findPledgesOfPitch,
  insertPledge,
  pledgesOf,
  savePledge,
  type Pledge,
  type PledgeWithPitch,
} from './pledge.store.js';

type Rpc = typeof developersRpc;
type Page = Promise<{ items: PledgeView[]; nextCursor: string | null }>;

/** Pledges: made, received, taken back, and their say about a delivery. The money itself is asked of the ledger. */
@Injectable()
export class PledgeService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly moves: MovesService,
    private readonly escrow: EscrowService,
  ) {}

  /** @throws forbidden, invalid-state, own-pitch, goal-exceeded, limit-exceeded when the balance is short */
  async pledge(input: RpcInput<Rpc['pledge']>, context: CallContext): Promise<PledgeView> {
    const caller = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    requireSource(input);
    requireVoice(caller, { instanceId, funder: input.funder });
    const pledgeId = await this.#once('pledge', input, context, async (tx) => {
      const pitch = await requirePitch(tx, input.pitchId, { lock: true });
      requireOutsider(pitch, caller);
      requireOpen(pitch, now);
      requireWithin(input.amountMinor, await missingMinor(tx, pitch));
      const pledge = pledgeOf(input, { pitch, instanceId, caller, now });
      await insertPledge(tx, pledge);
      await this.moves.announcePledges(tx, [pledge]);
      return pledge.pledgeId;
    });
    await this.escrow.advanceNow(input.pitchId);
    const view = await this.#view(pledgeId, context);
    if (view.state !== 'refused') return view;
    throw new DomainError('limit-exceeded', {
      detail:
        'There is less than that to pledge from; what others hold or you pledged elsewhere does not count.',
      fields: [{ path: 'amountMinor', message: 'is more than the balance has' }],
    });
  }

  /** Records that a transfer came. What the pitch does not need, or not any more, stays the giver's. */
  async receive(input: RpcInput<Rpc['recordReceipt']>, context: CallContext): Promise<PledgeView> {
    const caller = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const now = this.clock.now();
    const { pitchId } = await this.#find(input.pledgeId, instanceId);
    await this.#once('record-receipt', input, context, async (tx) => {
      const { pitch, pledge } = await this.#lock(tx, input.pledgeId);
      requireOutsider(pitch, caller);
      nextPledgeState('receive', pledge);
      const isWanted = pledge.state === 'promised' && isOpen(pitch, now);
      const escrowMinor = isWanted ? Math.min(input.receivedMinor, await missingMinor(tx, pitch)) : 0;
      const { receivedMinor, holder } = input;
      const change = { receivedMinor, holder, receivedAt: now.toISOString(), escrowMinor };
      await this.moves.movePledges(tx, [pledge], 'receive', () => change);
      return pledge.pledgeId;
    });
    await this.escrow.advanceNow(pitchId);
    return this.#view(input.pledgeId, context);
  }

  /** Takes a pledge back while the pitch is open; a second time changes nothing. @throws forbidden, invalid-state */
  async withdraw({ pledgeId }: { pledgeId: string }, context: CallContext): Promise<PledgeView> {
    const caller = requirePerson(context);
    const { pitchId } = await this.#find(pledgeId);
    await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const { pitch, pledge } = await this.#lock(tx, pledgeId);
      requireVoice(caller, pledge);
      if (['withdrawn', 'returning', 'returned'].includes(pledge.state)) return;
      requireOpen(pitch, this.clock.now());
      if (pledge.state === 'placing') nextPledgeState('withdraw', pledge);
      await this.moves.movePledges(tx, [pledge], pledge.state === 'promised' ? 'withdraw' : 'give-up');
    });
    await this.escrow.advanceNow(pitchId);
    return this.#view(pledgeId, context);
  }

  /** Weighs in on a delivery; more than half of what is pledged decides at once. @throws forbidden, invalid-state */
  async judge(input: RpcInput<Rpc['giveVerdict']>, context: CallContext): Promise<PledgeView> {
    const caller = requirePerson(context);
    const { pitchId } = await this.#find(input.pledgeId);
    await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const { pitch, pledge } = await this.#lock(tx, input.pledgeId);
      requireVoice(caller, pledge);
      requireOutsider(pitch, caller);
      if (pledge.verdict === input.verdict) return;
      requirePitchStep('accept', pitch);
      nextPledgeState('pay', pledge);
      if (Date.parse(pitch.reviewUntil!) <= this.clock.now().getTime()) {
        throw new DomainError('invalid-state', { detail: 'The time to look at the delivery is over.' });
      }
      await savePledge(tx, { ...pledge, verdict: input.verdict });
      const decision = decisionOf(await pledgesOf(tx, pitchId), { isOver: false });
      if (decision) await this.moves.movePitch(tx, pitch, decision);
    });
    await this.escrow.advanceNow(pitchId);
    return this.#view(input.pledgeId, context);
  }

  async ofPitch(input: RpcInput<Rpc['listPitchPledges']>, { caller }: CallContext): Page {
    const after = idAfter(input.cursor);
    const { pitchId, limit } = input;
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      await requirePitch(tx, pitchId);
      const rows = await findPledgesOfPitch(tx, { pitchId, after, limit: limit + 1 });
      const { items, nextCursor } = pageFrom(rows, limit, ({ pledgeId }) => pledgeId);
      return { items: items.map((pledge) => pledgeView(pledge, caller)), nextCursor };
    });
  }

  /** The caller's own, those of their enterprises, and for a steward those of the instance. */
  async own({ cursor, limit }: RpcInput<Rpc['listPledges']>, context: CallContext): Page {
    const caller = requirePerson(context);
    const page = {
      funderIds: [caller.personId, ...caller.enterpriseIds],
      instanceId: hasRole(caller, 'steward') ? caller.instance.id : null,
      before: idAfter(cursor),
      limit: limit + 1,
    };
    const rows = await this.database.transaction(ALL_INSTANCES, (tx) => findPledgesOfFunders(tx, page));
    const { items, nextCursor } = pageFrom(rows, limit, ({ pledgeId }) => pledgeId);
    return { items: items.map((pledge) => pledgeView(pledge, caller)), nextCursor };
  }

  #once(
    command: string,
    body: object,
    context: CallContext,
    work: (tx: Tx) => Promise<string>,
  ): Promise<string> {
    const once = onceOf(context, { command, body, now: this.clock.now() });
    return this.database.transaction(ALL_INSTANCES, (tx) => idempotent(tx, once, () => work(tx)));
  }

  /** The pledge, of an instance where given. @throws not-found */
  async #find(pledgeId: string, instanceId?: string): Promise<PledgeWithPitch> {
    const pledge = await this.database.transaction(ALL_INSTANCES, (tx) => findPledge(tx, pledgeId));
    if (pledge && (instanceId === undefined || pledge.instanceId === instanceId)) return pledge;
    throw new DomainError('not-found', { detail: 'There is no such pledge.' });
  }

  /** Locks the pitch first, as everybody does, and reads the pledge under that lock. */
  async #lock(tx: Tx, pledgeId: string): Promise<{ pitch: Pitch; pledge: Pledge }> {
    const { pitchId } = (await findPledge(tx, pledgeId))!;
    const pitch = await requirePitch(tx, pitchId, { lock: true });
    return { pitch, pledge: (await findPledge(tx, pledgeId))! };
  }

  async #view(pledgeId: string, { caller }: CallContext): Promise<PledgeView> {
    return pledgeView(await this.#find(pledgeId), caller);
  }
}

function isOpen(pitch: Pitch, now: Date): boolean {
  return pitch.state === 'open' && now.getTime() < Date.parse(pitch.fundUntil);
}

function requireOpen(pitch: Pitch, now: Date): void {
  requirePitchStep('fund', pitch);
  if (isOpen(pitch, now)) return;
  throw new DomainError('invalid-state', {
    detail: 'The time to fund this pitch is over.',
    state: pitch.state,
  });
}

/** @throws own-pitch for whoever is on the team: nobody decides with others' money about their own pay. */
function requireOutsider(pitch: Pitch, caller: PersonCaller): void {
  if (!isOnTeam(pitch.team, caller)) return;
  throw new DomainError('own-pitch', { detail: 'You are on the team of this pitch.' });
}

function requireWithin(amountMinor: number, missing: number): void {
  if (amountMinor <= missing) return;
  throw new DomainError('goal-exceeded', {
    detail: 'The pitch needs less than that: pledge what is missing at most.',
    fields: [{ path: 'amountMinor', message: `must be at most ${missing}` }],
    missingMinor: missing,
  });
}

function pledgeOf(
  { pitchId, funder, amountMinor, source }: RpcInput<Rpc['pledge']>,
  of: { pitch: Pitch; instanceId: string; caller: PersonCaller; now: Date },
): Pledge {
  return {
    instanceId: of.instanceId,
    pledgeId: newId(),
    pitchInstanceId: of.pitch.instanceId,
    pitchId,
    funder,
    amountMinor,
    currency: of.pitch.currency,
    source,
    state: firstState(source),
    receivedMinor: null,
    holder: null,
    receivedAt: null,
    escrowMinor: source === 'transfer' ? 0 : amountMinor,
    verdict: null,
    payoutId: null,
    pledgedBy: of.caller.personId,
    pledgedAt: of.now.toISOString(),
  };
}
