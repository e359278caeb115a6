import {
  callerKey,
  DomainError,
  idAfter,
  pageFrom,
  requireInstance,
  requireKey,
  requirePerson,
  type CallContext,
  type NewPitch,
  type PitchState,
  type PitchView,
  type RpcInput,
  type developersRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, idempotent, newId, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { EscrowService } from '../escrow/escrow.service.js';
import { MovesService } from '../escrow/moves.service.js';
import { sumPledges } from '../pledges/pledge.store.js';
import { requirePitchStep, type PitchCommand } from './pitch-state.rules.js';
import { equalAsks, heldUntil, isOnTeam, requireDates, reviewUntil } from './pitch.rules.js';
import { findPitch, findPitches, insertPitch, type Pitch } from './pitch.store.js';
import { TeamService } from './team.service.js';
import { pitchView } from './view.rules.js';

type Rpc = typeof developersRpc;

const STAGES: Readonly<Record<'open' | 'underway' | 'ended', readonly PitchState[]>> = {
  open: ['open'],
  underway: ['funded', 'delivered', 'accepted'],
  ended: ['paid', 'failed', 'refunded'],
};

/**
 * Pitches: what somebody needs and a team would make. They are seen in every instance, because instances share what
 * they need; whose pledge is whose is another matter.
 */
@Injectable()
export class PitchService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly moves: MovesService,
    private readonly escrow: EscrowService,
    private readonly team: TeamService,
  ) {}

  /** @throws invalid-input for dates out of turn and for who is not there, forbidden for who is not on the team */
  async make(input: NewPitch, context: CallContext): Promise<PitchView> {
    const caller = requirePerson(context);
    const { id: instanceId } = requireInstance(context);
    const key = requireKey(context);
    const now = this.clock.now();
    requireDates(input, now);
    await this.team.require(input, caller);
    const command = { callerKey: callerKey(context), command: 'make-pitch', key, body: input, now };
    return this.database.transaction(ALL_INSTANCES, (tx) =>
      idempotent(tx, command, async () => {
        const pitch = pitchOf(input, { instanceId, madeBy: caller.personId, now });
        await insertPitch(tx, pitch);
        await this.moves.announce(tx, pitch);
        return pitchView(pitch, undefined, caller);
      }),
    );
  }

  async list(
    input: RpcInput<Rpc['listPitches']>,
    context: CallContext,
  ): Promise<{ items: PitchView[]; nextCursor: string | null }> {
    const { caller } = context;
    const before = idAfter(input.cursor);
    const members = input.own ? requirePerson(context) : null;
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const rows = await findPitches(tx, {
        states: input.stage ? STAGES[input.stage] : Object.values(STAGES).flat(),
        memberIds: members && [members.personId, ...members.enterpriseIds],
        before,
        limit: input.limit + 1,
      });
      const { items, nextCursor } = pageFrom(rows, input.limit, ({ pitchId }) => pitchId);
      const sums = await sumPledges(
        tx,
        items.map(({ pitchId }) => pitchId),
      );
      const of = (pitchId: string) => sums.find((each) => each.pitchId === pitchId);
      return { items: items.map((pitch) => pitchView(pitch, of(pitch.pitchId), caller)), nextCursor };
    });
  }

  get(pitchId: string, { caller }: CallContext): Promise<PitchView> {
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const pitch = await requirePitch(tx, pitchId);
      const [sums] = await sumPledges(tx, [pitchId]);
      return pitchView(pitch, sums, caller);
    });
  }

  /** Shows evidence of a delivery; the same again changes nothing. @throws invalid-state before it is funded, and late */
  async deliver(
    { pitchId, delivery }: RpcInput<Rpc['deliverPitch']>,
    context: CallContext,
  ): Promise<PitchView> {
    return this.#byTeam(pitchId, context, async (tx, pitch) => {
      const isSame = pitch.deliveryUrl === delivery.url && pitch.deliveryText === delivery.text;
      if (isSame && pitch.state !== 'failed') return;
      const now = this.clock.now();
      requirePitchStep('deliver', pitch);
      if (now.getTime() >= Date.parse(pitch.deliverBy)) {
        throw new DomainError('invalid-state', {
          detail: 'The time to deliver is over; everything goes back.',
        });
      }
      await this.moves.movePitch(tx, pitch, 'deliver', {
        deliveryUrl: delivery.url,
        deliveryText: delivery.text,
        deliveredAt: now.toISOString(),
        reviewUntil: reviewUntil(now, pitch.reviewDays),
      });
    });
  }

  /** Gives a pitch up; everything goes back. A second time changes nothing. @throws invalid-state once accepted */
  async withdraw(pitchId: string, context: CallContext): Promise<PitchView> {
    return this.#byTeam(pitchId, context, async (tx, pitch) => {
      if (pitch.failedBecause === 'withdrawn') return;
      await this.#move(tx, pitch, 'withdraw');
    });
  }

  async #move(tx: Tx, pitch: Pitch, command: PitchCommand): Promise<void> {
    await this.moves.movePitch(tx, pitch, command);
  }

  async #byTeam(
    pitchId: string,
    context: CallContext,
    work: (tx: Tx, pitch: Pitch) => Promise<void>,
  ): Promise<PitchView> {
    const caller = requirePerson(context);
    await this.database.transaction(ALL_INSTANCES, async (tx) => {
      const pitch = await requirePitch(tx, pitchId, { lock: true });
      if (!isOnTeam(pitch.team, caller)) {
        throw new DomainError('forbidden', { detail: 'Only the team may do this.' });
      }
      await work(tx, pitch);
    });
    await this.escrow.advanceNow(pitchId);
    return this.get(pitchId, context);
  }
}

/** The pitch, locked when asked. @throws not-found */
export async function requirePitch(
  tx: Tx,
  pitchId: string,
  options: { lock?: boolean } = {},
): Promise<Pitch> {
  const pitch = await findPitch(tx, pitchId, options);
  if (pitch) return pitch;
  throw new DomainError('not-found', { detail: 'There is no such pitch.' });
}

function pitchOf(
  input: NewPitch,
  { instanceId, madeBy, now }: { instanceId: string; madeBy: string; now: Date },
): Pitch {
  const { askedInstanceIds, ...told } = input;
  const iso = (at: string): string => new Date(at).toISOString();
  return {
    ...told,
    fundUntil: iso(input.fundUntil),
    deliverBy: iso(input.deliverBy),
    instanceId,
    pitchId: newId(),
    state: 'open',
    failedBecause: null,
    reviewUntil: null,
    heldUntil: heldUntil(input),
    dueAt: iso(input.fundUntil),
    deliveryUrl: null,
    deliveryText: null,
    deliveredAt: null,
    asks: equalAsks(input.goalMinor, askedInstanceIds),
    madeBy,
    createdAt: now.toISOString(),
  };
}
