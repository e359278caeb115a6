import {
  DomainError,
  hasRole,
  managesEnterprise,
  type AccountRef,
  type Caller,
  type FunderRef,
  type LedgerCommand,
  type PersonCaller,
  type PledgeSource,
} from '@foodshed/contracts';

/** What decides whose a pledge is, and on which account its money is. */
export interface PledgeOwner {
  readonly instanceId: string;
  readonly funder: FunderRef;
  readonly source: PledgeSource;
  readonly currency: string;
}

/** Whether the caller may speak for the funder: for oneself, as a manager, as a steward of the instance. */
export function speaksFor(
  caller: Caller,
  { instanceId, funder }: Pick<PledgeOwner, 'instanceId' | 'funder'>,
): boolean {
  if (caller.kind !== 'person') return false;
  if (funder.kind === 'person') return funder.id === caller.personId;
  if (caller.instance.id !== instanceId) return false;
  if (funder.kind === 'enterprise') return managesEnterprise(caller, funder.id);
  return funder.id === instanceId && hasRole(caller, 'steward');
}

/** @throws forbidden unless the caller may speak for the funder. */
export function requireVoice(caller: PersonCaller, owner: Pick<PledgeOwner, 'instanceId' | 'funder'>): void {
  if (speaksFor(caller, owner)) return;
  const who = { person: 'that person', enterprise: 'its managers', instance: 'its stewards' };
  throw new DomainError('forbidden', {
    detail: `Only ${who[owner.funder.kind]} may pledge and judge for this funder.`,
    fields: [{ path: 'funder', message: 'is not yours to speak for' }],
  });
}

/** @throws invalid-input where the source is not one of this kind of funder. */
export function requireSource({ funder, source }: Pick<PledgeOwner, 'funder' | 'source'>): void {
  if (source !== 'administration' || funder.kind === 'instance') return;
  throw new DomainError('invalid-input', {
    detail: 'Only an instance has an administration to pledge from.',
    fields: [{ path: 'source', message: 'must be balance or transfer for this funder' }],
  });
}

/** The giver's own account: where a pledge comes from, where its hold is, and where it goes back to. */
export function giverAccount({ funder, source, currency }: PledgeOwner): AccountRef {
  if (funder.kind !== 'instance') return { owner: funder, purpose: 'pending', currency };
  const purpose = source === 'administration' ? 'administration' : 'developing';
  return { owner: funder, purpose, currency };
}

/** The payee of every hold: it pays on to the team in the moment in which it is paid. */
export function pitchAccount(pitchId: string, currency: string): AccountRef {
  return { owner: { kind: 'pitch', id: pitchId }, purpose: 'pending', currency };
}

/** A transfer that came, as the ledger records it: who holds the money, and that it is the giver's. */
export function receiptOf(
  pledge: PledgeOwner & {
    pledgeId: string;
    receivedMinor: number;
    receivedAt: string;
    holder: 'instance-bank' | 'provider';
  },
): LedgerCommand {
  const { instanceId, currency, receivedMinor } = pledge;
  const purpose = pledge.holder === 'provider' ? 'provider' : 'bank';
  const holder: AccountRef = { owner: { kind: 'instance', id: instanceId }, purpose, currency };
  const entry = (account: AccountRef, amountMinor: number) =>
    ({ account, amountMinor, line: 'pledge', shareId: null }) as const;
  return {
    key: { kind: 'pledge-receipt', pledgeId: pledge.pledgeId },
    occurredAt: pledge.receivedAt,
    entries: [
      { ...entry(holder, receivedMinor), line: 'money' },
      entry(giverAccount(pledge), -receivedMinor),
    ],
  };
}
