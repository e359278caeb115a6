import {
  DomainError,
  supplyState,
  type NewSupplyAgreement,
  type SupplyAgreement,
  type SupplySide,
  type SupplyState,
} from '@foodshed/contracts';

/** An agreement as it is stored, with the people who acted for its sides. */
export interface AgreementRow extends SupplyAgreement {
  readonly proposedByPerson: string;
  readonly answeredByPerson: string | null;
  readonly endedByPerson: string | null;
}

interface SupplyStep {
  readonly by: SupplySide;
  /** `null` is before there is any agreement. */
  readonly from: readonly (SupplyState | null)[];
  readonly to: SupplyState;
}

/** Who may bring an agreement from which state into which. Nothing else decides this. */
export const supplySteps: readonly SupplyStep[] = [
  { by: 'hub', from: [null, 'declined', 'ended'], to: 'requested' },
  { by: 'producer', from: [null, 'declined', 'ended'], to: 'offered' },
  { by: 'producer', from: ['requested'], to: 'accepted' },
  { by: 'producer', from: ['requested'], to: 'declined' },
  { by: 'hub', from: ['offered'], to: 'accepted' },
  { by: 'hub', from: ['offered'], to: 'declined' },
  // Whoever proposed may take it back; what was agreed, either side ends.
  { by: 'hub', from: ['requested', 'accepted'], to: 'ended' },
  { by: 'producer', from: ['offered', 'accepted'], to: 'ended' },
];

const PROPOSALS: Readonly<Record<SupplySide, SupplyState>> = { hub: 'requested', producer: 'offered' };

/**
 * Checks the table once, at boot: every state can be reached and left, each step is written once, and nobody
 * agrees with themselves. @throws Error naming the fault.
 */
export function assertSupplySteps(steps = supplySteps): void {
  const reached = new Set<SupplyState | null>([null]);
  for (let before = 0; before < reached.size;) {
    before = reached.size;
    for (const { from, to } of steps) if (from.some((state) => reached.has(state))) reached.add(to);
  }
  const unreached = supplyState.options.filter((state) => !reached.has(state));
  if (unreached.length > 0) throw new Error(`no step leads to the supply state ${unreached.join(', ')}`);

  const written = new Set<string>();
  for (const { by, from, to } of steps) {
    for (const state of from) {
      const step = `${by}: ${state ?? 'nothing'} to ${to}`;
      if (written.has(step)) throw new Error(`the supply step ${step} is written twice`);
      written.add(step);
      if (to === 'accepted' && state === PROPOSALS[by]) throw new Error(`${by} agrees with itself`);
    }
  }
  const ends = supplyState.options.filter((state) => !steps.some(({ from }) => from.includes(state)));
  if (ends.length > 0) throw new Error(`no step leads out of the supply state ${ends.join(', ')}`);
}

/** Who of `sides` may bring it from one state into the other; undefined when nobody may. */
function stepper(
  sides: readonly SupplySide[],
  from: SupplyState | null,
  to: SupplyState,
): SupplySide | undefined {
  return supplySteps.find((step) => sides.includes(step.by) && step.to === to && step.from.includes(from))
    ?.by;
}

/**
 * The agreement after a proposal: a new one, or the same row begun anew after it was declined or ended. What
 * stands on these terms already, agreed or proposed by the same side, is returned as it is.
 * @throws already-exists when other terms stand, or the other side has proposed and waits for an answer.
 */
export function proposed(
  known: AgreementRow | undefined,
  { proposedBy, pricesSetBy, producerId, hubId }: NewSupplyAgreement,
  made: { agreementId: string; personId: string; now: Date },
): AgreementRow {
  const state = PROPOSALS[proposedBy];
  if (stepper([proposedBy], known?.state ?? null, state)) {
    return {
      agreementId: known?.agreementId ?? made.agreementId,
      producerId,
      hubId,
      state,
      pricesSetBy,
      proposedBy,
      proposedAt: made.now.toISOString(),
      proposedByPerson: made.personId,
      answeredAt: null,
      answeredByPerson: null,
      endedBy: null,
      endedAt: null,
      endedByPerson: null,
      version: (known?.version ?? 0) + 1,
    };
  }
  if (!known) throw new Error(`no step of ${proposedBy} begins an agreement`);
  const isSame = known.state === 'accepted' || known.state === state;
  if (isSame && known.pricesSetBy === pricesSetBy) return known;
  throw new DomainError('already-exists', { detail: STANDING[known.state], agreementId: known.agreementId });
}

const STANDING: Readonly<Record<SupplyState, string>> = {
  requested: 'The hub has asked on its own terms: the producer answers that first, or the hub takes it back.',
  offered: 'The producer has made an offer: the hub answers that first, or the producer takes it back.',
  accepted: 'There is an agreement on other terms; end it before you propose new ones.',
  declined: 'The proposal was declined.',
  ended: 'The agreement was ended.',
};

/**
 * The agreement after an answer or its end by somebody who acts for `sides`; in the state it has already, unchanged.
 * @throws invalid-state when that cannot be, forbidden when it is the other side's to do.
 */
export function moved(
  row: AgreementRow,
  to: SupplyState,
  by: { sides: readonly SupplySide[]; personId: string; now: Date },
): AgreementRow {
  if (row.state === to) return row;
  const side = stepper(by.sides, row.state, to);
  if (!side) throw refusal(row.state, to);
  const at = by.now.toISOString();
  const changed = { ...row, state: to, version: row.version + 1 };
  return to === 'ended'
    ? { ...changed, endedBy: side, endedAt: at, endedByPerson: by.personId }
    : { ...changed, answeredAt: at, answeredByPerson: by.personId };
}

function refusal(from: SupplyState, to: SupplyState): DomainError {
  if (stepper(['producer', 'hub'], from, to)) {
    return new DomainError('forbidden', { detail: 'This is for the managers of the other side to do.' });
  }
  return new DomainError('invalid-state', {
    detail: `An agreement that is ${from} cannot become ${to}.`,
    fields: [{ path: 'state', message: `cannot follow ${from}` }],
  });
}

/** The agreement as its two sides see it. */
export function shownAgreement(row: AgreementRow): SupplyAgreement {
  const { proposedByPerson: _proposed, answeredByPerson: _answered, endedByPerson: _ended, ...shown } = row;
  return shown;
}

/** The refusal of goods that the hub may not sell; `path` is where they are in the request. */
export function notAgreed(path: string): DomainError {
  return new DomainError('supply-not-agreed', {
    detail:
      'A producer of the selection has not agreed that this hub sells its goods. Ask it with a supply agreement, ' +
      'and pick its goods once it has accepted.',
    fields: [{ path, message: 'is not agreed with the producer' }],
  });
}

/** The refusal of a hub's own price for goods that it may sell. */
export function priceNotAgreed(path: string): DomainError {
  return new DomainError('supply-not-agreed', {
    detail:
      'The agreement with this producer leaves the prices to the producer. Leave the price out, or agree anew that ' +
      'the hub sets prices.',
    fields: [{ path, message: 'is for the producer to set' }],
  });
}
