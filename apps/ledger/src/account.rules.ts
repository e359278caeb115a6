import { hasRole, managesEnterprise, type AccountRef, type Caller } from '@foodshed/contracts';

type Owner = AccountRef['owner'];

/** Whether the caller may see accounts of this owner: their own, an enterprise they manage, or as a steward all. */
export function maySee(caller: Caller, owner: Owner): boolean {
  if (caller.kind !== 'person') return false;
  if (hasRole(caller, 'steward')) return true;
  if (owner.kind === 'person') return owner.id === caller.personId;
  return owner.kind === 'enterprise' && managesEnterprise(caller, owner.id);
}

/** A debit positive amount as its owner reads it: positive where the account's standing grows. Never −0. */
export function onNormalSide(side: 'debit' | 'credit', amountMinor: number): number {
  return side === 'debit' || amountMinor === 0 ? amountMinor : -amountMinor;
}

/** The side on which a purpose grows: what holds money on the debit side, what is owed on the credit side. */
export function normalSideOf(purpose: AccountRef['purpose']): 'debit' | 'credit' {
  return purpose === 'bank' || purpose === 'till' || purpose === 'provider' ? 'debit' : 'credit';
}
