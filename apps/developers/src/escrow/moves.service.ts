import { developersEvents } from '@foodshed/contracts';
import { afterCommit, Clock, Jobs, newId, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import {
  pitchSteps,
  requirePitchStep,
  stepByItself,
  type PitchCommand,
} from '../pitches/pitch-state.rules.js';
import { savePitch, type Pitch } from '../pitches/pitch.store.js';
import { nextPledgeState, waitingStates, type PledgeCommand } from '../pledges/pledge-state.rules.js';
import { pledgesOf, savePledge, type Pledge } from '../pledges/pledge.store.js';
import { planPayouts } from './payout.rules.js';
import { insertPayout } from './payout.store.js';

/**
 * Moves a pitch and its pledges together, with their events, in the caller's transaction, which has locked the pitch.
 * What the ledger must do of it is asked afterwards.
 */
@Injectable()
export class MovesService {
  constructor(
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    private readonly jobs: Jobs,
  ) {}

  /** @throws invalid-state where the step may not be done. */
  async movePitch(tx: Tx, pitch: Pitch, command: PitchCommand, change: Partial<Pitch> = {}): Promise<Pitch> {
    requirePitchStep(command, pitch);
    const { to, because = null } = pitchSteps[command];
    const failedBecause = to === 'failed' || to === 'refunded' ? (pitch.failedBecause ?? because) : null;
    const moved = { ...pitch, ...change, state: to, failedBecause };
    const next = { ...moved, dueAt: stepByItself(moved)?.at ?? null };
    await savePitch(tx, next);
    await this.announce(tx, next);
    const pledges = await pledgesOf(tx, pitch.pitchId);
    const those = (state: Pledge['state']) => pledges.filter((pledge) => pledge.state === state);
    if (pitch.state === 'open') await this.movePledges(tx, those('promised'), 'lapse');
    if (to === 'failed') await this.movePledges(tx, those('held'), 'give-up');
    if (to === 'accepted') await this.#planPayouts(tx, next, those('held'));
    return this.finish(tx, next);
  }

  /** Ends a pitch once none of its money is in escrow or on the way any more. */
  async finish(tx: Tx, pitch: Pitch): Promise<Pitch> {
    if (pitch.state !== 'failed' && pitch.state !== 'accepted') return pitch;
    const pledges = await pledgesOf(tx, pitch.pitchId);
    if (pledges.some(({ state }) => waitingStates.has(state))) return pitch;
    const isPaid = pledges.some(({ state }) => state === 'paid');
    return this.movePitch(tx, pitch, isPaid ? 'pay' : 'give-back');
  }

  /** Moves pledges; each with the same change beside its state. @throws invalid-state */
  async movePledges(
    tx: Tx,
    pledges: readonly Pledge[],
    command: PledgeCommand,
    change: (pledge: Pledge) => Partial<Pledge> = () => ({}),
  ): Promise<Pledge[]> {
    const moved = pledges.map((pledge) => ({
      ...pledge,
      ...change(pledge),
      state: nextPledgeState(command, pledge),
    }));
    for (const pledge of moved) await savePledge(tx, pledge);
    await this.announcePledges(tx, moved);
    return moved;
  }

  /** Tells where pledges are now. */
  async announcePledges(tx: Tx, pledges: readonly Pledge[]): Promise<void> {
    const changedAt = this.clock.now().toISOString();
    await this.outbox.add(
      tx,
      pledges.map(({ instanceId, pledgeId, pitchId, funder, source, currency, state, ...amounts }) => ({
        event: developersEvents.pledgeChanged,
        instanceId,
        data: {
          pledgeId,
          pitchId,
          funder,
          source,
          amountMinor: amounts.escrowMinor || amounts.amountMinor,
          currency,
          state,
          changedAt,
        },
      })),
    );
  }

  /** Tells where a pitch is now, and has it woken when it next moves by itself. */
  async announce(tx: Tx, pitch: Pitch): Promise<void> {
    const { instanceId, pitchId, state, failedBecause, goalMinor, currency, team, dueAt } = pitch;
    const now = this.clock.now();
    const data = { pitchId, state, failedBecause, goalMinor, currency, team, changedAt: now.toISOString() };
    await this.outbox.add(tx, [{ event: developersEvents.pitchChanged, instanceId, data }]);
    if (dueAt === null) return;
    const delayMs = Math.max(0, Date.parse(dueAt) - now.getTime());
    afterCommit(
      tx,
      () => void this.jobs.enqueue('advance-pitch', `${pitchId}-${state}`, { pitchId }, { delayMs }),
    );
  }

  async #planPayouts(tx: Tx, pitch: Pitch, pledges: readonly Pledge[]): Promise<void> {
    for (const plan of planPayouts(pledges, pitch.team)) {
      const payoutId = newId();
      await insertPayout(tx, {
        instanceId: plan.instanceId,
        payoutId,
        pitchInstanceId: pitch.instanceId,
        pitchId: pitch.pitchId,
        currency: pitch.currency,
        totalMinor: plan.totalMinor,
        parts: plan.parts.map(({ member, amountMinor }) => ({
          kind: member.kind,
          payeeId: member.id,
          amountMinor,
        })),
      });
      const own = pledges.filter(({ pledgeId }) => plan.pledgeIds.includes(pledgeId));
      await this.movePledges(tx, own, 'pay', () => ({ payoutId }));
    }
  }
}
