import { DomainError, ledgerRpc } from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { giverAccount, pitchAccount, receiptOf } from '../pledges/pledge.rules.js';
import type { Pledge } from '../pledges/pledge.store.js';
import type { Payout } from './payout.store.js';

/** What became of a hold that was asked for. */
export type Placed = 'held' | 'refused';

/**
 * Asks the ledger, as this service itself. Every question has a business key of its own, so asking again after a crash
 * is answered as before. @throws dependency-unavailable or timed-out while the ledger is away
 */
@Injectable()
export class LedgerService {
  constructor(private readonly rpc: RpcClient) {}

  /** Records a transfer that came: whoever holds the money owes it to the giver. */
  async receive(pledge: Pledge): Promise<void> {
    const { receivedMinor, receivedAt, holder, instanceId } = pledge;
    if (receivedMinor === null || receivedAt === null || holder === null) return;
    const command = receiptOf({ ...pledge, receivedMinor, receivedAt, holder });
    const { outcomes } = await this.rpc.call(
      ledgerRpc.postBatch,
      { instanceId, commands: [command] },
      'service',
    );
    const refused = outcomes.find(({ outcome }) => outcome === 'refused');
    if (refused) throw new Error(`the receipt of pledge ${pledge.pledgeId} was refused: ${refused.detail}`);
  }

  /** Holds a pledge on its giver's account: for the pitch, back to the giver, until the deadline. */
  async hold(pledge: Pledge, deadline: string): Promise<Placed> {
    const account = giverAccount(pledge);
    try {
      await this.rpc.call(
        ledgerRpc.placeHold,
        {
          instanceId: pledge.instanceId,
          holdId: pledge.pledgeId,
          account,
          payee: pitchAccount(pledge.pitchId, pledge.currency),
          refundTo: account,
          amountMinor: pledge.escrowMinor,
          deadline,
        },
        'service',
      );
      return 'held';
    } catch (error) {
      if (isRefusal(error, 'limit-exceeded', 'amountMinor') || isRefusal(error, 'invalid-input', 'deadline'))
        return 'refused';
      throw error;
    }
  }

  /** Gives a held pledge back; that the ledger did it by itself, at the deadline, is as good. */
  async giveBack({ instanceId, pledgeId: holdId }: Pledge): Promise<void> {
    try {
      await this.rpc.call(ledgerRpc.voidHold, { instanceId, holdId }, 'service');
    } catch (error) {
      if (!isRefusal(error, 'invalid-state')) throw error;
      const { state } = await this.rpc.call(ledgerRpc.getHold, { instanceId, holdId }, 'service');
      if (state !== 'expired' && state !== 'voided')
        throw new Error(`hold ${holdId} cannot be given back: it is ${state}`, { cause: error });
    }
  }

  /** Pays the team out of these pledges' holds; null when the ledger had given them back at their deadline. */
  async payOut(payout: Payout, pledgeIds: readonly string[]): Promise<{ transactionId: string } | null> {
    const { instanceId, payoutId, currency } = payout;
    const parts = payout.parts.map(({ kind, payeeId, amountMinor }) => ({
      account: { owner: { kind, id: payeeId }, purpose: 'pending' as const, currency },
      amountMinor,
    }));
    try {
      return await this.rpc.call(
        ledgerRpc.settleHolds,
        { instanceId, payoutId, holdIds: [...pledgeIds], parts },
        'service',
      );
    } catch (error) {
      if (isRefusal(error, 'invalid-state')) return null;
      throw error;
    }
  }
}

function isRefusal(error: unknown, code: DomainError['code'], path?: string): boolean {
  if (!(error instanceof DomainError) || error.code !== code) return false;
  return path === undefined || (error.options.fields ?? []).some((field) => field.path === path);
}
