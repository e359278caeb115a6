import {
  hasRole,
  type Caller,
  type FunderRef,
  type PitchView,
  type PledgeState,
  type PledgeView,
} from '@foodshed/contracts';
import { pitchAccount, speaksFor } from '../pledges/pledge.rules.js';
import { isOnTeam } from './pitch.rules.js';

type Shown<T, K extends keyof T> = Pick<T, K>;
type PitchFacts = Shown<
  PitchView,
  | 'pitchId'
  | 'instanceId'
  | 'title'
  | 'need'
  | 'audience'
  | 'goalMinor'
  | 'currency'
  | 'state'
  | 'failedBecause'
  | 'fundUntil'
  | 'deliverBy'
  | 'reviewDays'
  | 'reviewUntil'
  | 'heldUntil'
  | 'team'
  | 'asks'
  | 'createdAt'
> & { deliveryUrl: string | null; deliveryText: string | null; deliveredAt: string | null };
type PitchSums = Shown<
  PitchView,
  'heldMinor' | 'promisedMinor' | 'paidMinor' | 'returnedMinor' | 'acceptedMinor' | 'refusedMinor' | 'funders'
>;

const NOTHING: PitchSums = {
  heldMinor: 0,
  promisedMinor: 0,
  paidMinor: 0,
  returnedMinor: 0,
  acceptedMinor: 0,
  refusedMinor: 0,
  funders: 0,
};

/** A pitch as the caller sees it, with what its pledges add up to. */
export function pitchView(pitch: PitchFacts, sums: PitchSums | undefined, caller: Caller): PitchView {
  const { deliveryUrl: url, deliveryText: text, deliveredAt, ...facts } = pitch;
  return {
    ...facts,
    ...(sums ?? NOTHING),
    delivery: url !== null && text !== null && deliveredAt !== null ? { url, text, deliveredAt } : null,
    isOwn: caller.kind === 'person' && isOnTeam(pitch.team, caller),
  };
}

type PledgeFacts = Shown<
  PledgeView,
  | 'pledgeId'
  | 'pitchId'
  | 'pitchTitle'
  | 'instanceId'
  | 'currency'
  | 'amountMinor'
  | 'source'
  | 'state'
  | 'receivedMinor'
  | 'verdict'
  | 'pledgedAt'
> & { funder: FunderRef; escrowMinor: number; heldUntil: string };

/** Whose hold is in the ledger, open or resolved. */
const WITH_HOLD: readonly PledgeState[] = ['held', 'paying', 'paid', 'returning'];

/** A pledge as the caller sees it: people are shown to themselves and to the stewards of their instance only. */
export function pledgeView(pledge: PledgeFacts, caller: Caller): PledgeView {
  const { funder, escrowMinor, heldUntil, ...facts } = pledge;
  const isOwn = speaksFor(caller, pledge);
  const isSteward =
    caller.kind === 'person' && caller.instance.id === pledge.instanceId && hasRole(caller, 'steward');
  const shown = { kind: funder.kind, id: funder.kind !== 'person' || isOwn || isSteward ? funder.id : null };
  const hasHold = WITH_HOLD.includes(pledge.state) || (pledge.state === 'returned' && escrowMinor > 0);
  return {
    ...facts,
    amountMinor: escrowMinor || facts.amountMinor,
    funder: shown,
    escrow: hasHold
      ? {
          holdId: pledge.pledgeId,
          payee: pitchAccount(pledge.pitchId, pledge.currency),
          refundTo: shown,
          deadline: heldUntil,
        }
      : null,
    isOwn,
  };
}
