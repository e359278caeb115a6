import { ALL_INSTANCES, Clock, Database, eachInTurn, orLater, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { stepByItself } from '../pitches/pitch-state.rules.js';
import { decisionOf } from '../pitches/pitch.rules.js';
import { findPitch, findWaiting, type Pitch } from '../pitches/pitch.store.js';
import { pledgesOf, sumPledges, type Pledge } from '../pledges/pledge.store.js';
import { LedgerService } from './ledger.service.js';
import { recordMovements } from './movement.store.js';
import { MovesService } from './moves.service.js';
import { confirmPayout, findUnpaid, removePayout, type Payout } from './payout.store.js';

/** A pledge that is asked for, refused by a ledger and given back goes through as many rounds, and one to see the end. */
const ROUNDS = 4;
const WAITING_AT_ONCE = 500;

/** What of a pitch waits for a ledger. */
interface Waiting {
  readonly pitch: Pitch;
  readonly pledges: readonly Pledge[];
  readonly payouts: readonly Payout[];
}

/**
 * Brings pitches on: takes the steps that are due, and asks the ledgers for what was decided. Each question is asked
 * after the decision is committed and answered in a transaction of its own, so a crash anywhere only means asking again.
 */
@Injectable()
export class EscrowService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly moves: MovesService,
    private readonly ledger: LedgerService,
  ) {}

  /** Brings on every pitch that waits or is due. @throws the first failure, once each pitch had its turn */
  async advanceAll(): Promise<void> {
    const now = this.clock.now();
    const waiting = await this.database.transaction(ALL_INSTANCES, (tx) =>
      findWaiting(tx, { now, limit: WAITING_AT_ONCE }),
    );
    await eachInTurn(waiting, (pitchId) => this.advance(pitchId));
  }

  /** As `advance`, where a ledger that is away means only that the pitch waits: it is asked again by the job. */
  advanceNow(pitchId: string): Promise<void> {
    return orLater(this.advance(pitchId));
  }

  /** Brings one pitch as far as it goes now. Doing it twice, or in two processes at once, changes nothing. */
  async advance(pitchId: string): Promise<void> {
    await this.#locked(pitchId, (tx, pitch) => this.#moveByItself(tx, pitch));
    for (let round = 0; round < ROUNDS; round++) {
      const waiting = await this.#waiting(pitchId);
      if (!waiting || waiting.pledges.length + waiting.payouts.length === 0) return;
      for (const pledge of waiting.pledges) {
        if (pledge.state === 'placing') await this.#place(pledge, waiting.pitch.heldUntil);
        else await this.#giveBack(pledge);
      }
      for (const payout of waiting.payouts) await this.#payOut(payout);
    }
  }

  async #moveByItself(tx: Tx, pitch: Pitch): Promise<void> {
    const step = stepByItself(pitch);
    if (!step || Date.parse(step.at) > this.clock.now().getTime()) return;
    const isReview = step.command === 'accept-in-silence';
    const decision = isReview && decisionOf(await pledgesOf(tx, pitch.pitchId), { isOver: true });
    await this.moves.movePitch(tx, pitch, decision || step.command);
  }

  async #place(pledge: Pledge, deadline: string): Promise<void> {
    await this.ledger.receive(pledge);
    const placed = pledge.escrowMinor > 0 ? await this.ledger.hold(pledge, deadline) : 'refused';
    await this.#settledPledge(pledge, async (tx, pitch, own) => {
      if (placed === 'refused') {
        await this.moves.movePledges(tx, own, pledge.receivedMinor === null ? 'be-refused' : 'keep', () => ({
          escrowMinor: 0,
        }));
        return this.moves.finish(tx, pitch);
      }
      const now = this.clock.now();
      await recordMovements(tx, { pledges: own, kind: 'held', now });
      await this.moves.movePledges(tx, own, pitch.state === 'open' ? 'hold' : 'give-up');
      const held = (await pledgesOf(tx, pitch.pitchId)).filter(({ state }) => state === 'held');
      const heldMinor = held.reduce((sum, { escrowMinor }) => sum + escrowMinor, 0);
      if (pitch.state !== 'open' || heldMinor < pitch.goalMinor) return pitch;
      return this.moves.movePitch(tx, pitch, 'fund');
    });
  }

  async #giveBack(pledge: Pledge): Promise<void> {
    await this.ledger.giveBack(pledge);
    await this.#settledPledge(pledge, async (tx, pitch, own) => {
      await recordMovements(tx, { pledges: own, kind: 'returned', now: this.clock.now() });
      await this.moves.movePledges(tx, own, 'be-returned');
      return this.moves.finish(tx, pitch);
    });
  }

  async #payOut(payout: Payout): Promise<void> {
    const ofPayout = (pledges: readonly Pledge[]): Pledge[] =>
      pledges.filter((pledge) => pledge.payoutId === payout.payoutId && pledge.state === 'paying');
    const waiting = await this.database.transaction(ALL_INSTANCES, (tx) => pledgesOf(tx, payout.pitchId));
    const ids = ofPayout(waiting).map(({ pledgeId }) => pledgeId);
    if (ids.length === 0) return;
    const paid = await this.ledger.payOut(payout, ids);
    await this.#locked(payout.pitchId, async (tx, pitch) => {
      const own = ofPayout(await pledgesOf(tx, payout.pitchId));
      if (own.length === 0) return;
      if (!paid) {
        await removePayout(tx, payout.payoutId);
        await this.moves.movePledges(tx, own, 'give-up', () => ({ payoutId: null }));
        return;
      }
      const now = this.clock.now();
      const { transactionId } = paid;
      if (!(await confirmPayout(tx, { payoutId: payout.payoutId, transactionId, paidAt: now }))) return;
      await recordMovements(tx, { pledges: own, kind: 'paid', now });
      await this.moves.movePledges(tx, own, 'be-paid');
      await this.moves.finish(tx, pitch);
    });
  }

  /** Writes a ledger's answer, unless somebody else has written it. */
  #settledPledge(
    asked: Pledge,
    write: (tx: Tx, pitch: Pitch, own: readonly Pledge[]) => Promise<unknown>,
  ): Promise<void> {
    return this.#locked(asked.pitchId, async (tx, pitch) => {
      const own = (await pledgesOf(tx, asked.pitchId)).filter(
        ({ pledgeId, state }) => pledgeId === asked.pledgeId && state === asked.state,
      );
      if (own.length > 0) await write(tx, pitch, own);
    });
  }

  #waiting(pitchId: string): Promise<Waiting | null> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const pitch = await findPitch(tx, pitchId);
      if (!pitch) return null;
      const pledges = (await pledgesOf(tx, pitchId)).filter(
        ({ state }) => state === 'placing' || state === 'returning',
      );
      return { pitch, pledges, payouts: await findUnpaid(tx, pitchId) };
    });
  }

  #locked(pitchId: string, work: (tx: Tx, pitch: Pitch) => Promise<unknown>): Promise<void> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const pitch = await findPitch(tx, pitchId, { lock: true });
      if (pitch) await work(tx, pitch);
    });
  }
}

/** What a locked pitch still needs: its goal without what is held or being asked for; minor units. */
export async function missingMinor(tx: Tx, pitch: Pitch): Promise<number> {
  const [sums] = await sumPledges(tx, [pitch.pitchId]);
  return pitch.goalMinor - (sums?.heldMinor ?? 0);
}
