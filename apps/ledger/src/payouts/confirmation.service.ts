import {
  DomainError,
  hasRole,
  idAfter,
  managesEnterprise,
  pageFrom,
  requireEnterprise,
  requireInstance,
  requirePerson,
  type CallContext,
  type CashHandover,
  type confirmationRpc,
  type RpcInput,
} from '@foodshed/contracts';
import { afterCommit, Clock, Database, newId, Outbox } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import {
  addHandover,
  confirmCaptures,
  findHandover,
  findHandovers,
  findSettled,
  findUnconfirmed,
  lockUnconfirmed,
  receiveCash,
  refuseCash,
} from './confirmation.store.js';
import { followCaptures } from './release.store.js';

/** More than come between two runs of the job that reads them: who looks sees what was posted until now. */
const FOLLOWED_AT_ONCE = 1_000;

/** Whose word makes money real: the instance for its bank account, hub and instance together for cash. */
@Injectable()
export class ConfirmationService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  async unconfirmed(input: RpcInput<typeof confirmationRpc.listUnconfirmed>, context: CallContext) {
    const { id: instanceId } = requireInstance(context);
    const hubId = input.hubId ?? null;
    requireSight(context, hubId);
    return this.database.transaction(instanceId, async (tx) => {
      await followCaptures(tx, { instanceId, batches: FOLLOWED_AT_ONCE });
      const page = { holder: { instanceId, hubId }, after: idAfter(input.cursor), limit: input.limit + 1 };
      return pageFrom(await findUnconfirmed(tx, page), input.limit, ({ captureId }) => captureId);
    });
  }

  async confirm(
    { captureIds }: { captureIds: readonly string[] },
    context: CallContext,
  ): Promise<Record<string, never>> {
    const { id: instanceId } = requireInstance(context);
    const by = requirePerson(context).personId;
    const named = { holder: { instanceId, hubId: null }, captureIds };
    await this.database.transaction(instanceId, async (tx) => {
      await followCaptures(tx, { instanceId, batches: FOLLOWED_AT_ONCE });
      const found = (await lockUnconfirmed(tx, named)).map(({ captureId }) => captureId);
      requireAll(
        captureIds,
        [...found, ...(await findSettled(tx, named))],
        'is no money in the bank account',
      );
      await confirmCaptures(tx, { captureIds: found, by, now: this.clock.now() });
    });
    return {};
  }

  async record(
    { hubId, captureIds }: { hubId: string; captureIds: readonly string[] },
    context: CallContext,
  ): Promise<CashHandover> {
    const { id: instanceId } = requireInstance(context);
    const by = requireEnterprise(context, hubId).personId;
    return this.database.transaction(instanceId, async (tx) => {
      await followCaptures(tx, { instanceId, batches: FOLLOWED_AT_ONCE });
      const locked = await lockUnconfirmed(tx, { holder: { instanceId, hubId }, captureIds });
      const free = locked.filter(({ handoverId }) => handoverId === null);
      requireAll(
        captureIds,
        free.map(({ captureId }) => captureId),
        'is no cash that waits in the till',
      );
      const currency = free[0]!.currency;
      requireAll(
        captureIds,
        free.flatMap((capture) => (capture.currency === currency ? [capture.captureId] : [])),
        `is not in ${currency}; hand each currency over by itself`,
      );
      const amountMinor = free.reduce((sum, capture) => sum + capture.amountMinor, 0);
      const now = this.clock.now();
      const rest = { instanceId, captureIds, by, now };
      return addHandover(tx, { handoverId: newId(), hubId, currency, amountMinor, ...rest });
    });
  }

  answer(
    { handoverId, state }: RpcInput<typeof confirmationRpc.answerHandover>,
    context: CallContext,
  ): Promise<CashHandover> {
    const { id: instanceId } = requireInstance(context);
    const by = requirePerson(context).personId;
    const now = this.clock.now();
    return this.database.transaction(instanceId, async (tx) => {
      afterCommit(tx, () => this.outbox.poke());
      const found = await findHandover(tx, handoverId);
      if (!found) throw new DomainError('not-found', { detail: 'There is no such hand-over.' });
      const isDone =
        state === 'received'
          ? await receiveCash(tx, { instanceId, handoverId, by, now })
          : await refuseCash(tx, { handoverId, by, now });
      const after = (await findHandover(tx, handoverId))!;
      if (isDone || after.state === state) return after;
      throw new DomainError('invalid-state', { detail: `The hand-over is ${after.state} already.` });
    });
  }

  async handovers(input: RpcInput<typeof confirmationRpc.listHandovers>, context: CallContext) {
    const { id: instanceId } = requireInstance(context);
    const hubId = input.hubId ?? null;
    requireSight(context, hubId);
    return this.database.transaction(instanceId, async (tx) => {
      const page = { hubId, before: idAfter(input.cursor), limit: input.limit + 1 };
      return pageFrom(await findHandovers(tx, page), input.limit, ({ handoverId }) => handoverId);
    });
  }
}

/** @throws forbidden unless the caller is a steward, or manages the hub it is about. */
function requireSight({ caller }: CallContext, hubId: string | null): void {
  if (hasRole(caller, 'steward') || (hubId !== null && managesEnterprise(caller, hubId))) return;
  throw new DomainError('forbidden', {
    detail: 'Only stewards, and the managers of a hub for its till, see this.',
  });
}

/** @throws invalid-input naming each of `wanted` that is not among `found`. */
function requireAll(wanted: readonly string[], found: readonly string[], message: string): void {
  const known = new Set(found);
  const fields = wanted.flatMap((captureId, index) =>
    known.has(captureId) ? [] : [{ path: `captureIds.${index}`, message }],
  );
  if (fields.length > 0)
    throw new DomainError('invalid-input', { detail: `Of these, ${fields.length} cannot be taken.`, fields });
}
