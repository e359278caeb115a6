import {
  callerKey,
  DomainError,
  idAfter,
  pageFrom,
  requireInstance,
  requireKey,
  requirePerson,
  type CallContext,
  type Payout,
  type PayoutRun,
  type payoutsRpc,
  type RpcInput,
  type RpcOutput,
} from '@foodshed/contracts';
import { afterCommit, Clock, Database, idempotent, newId, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { maySee } from '../account.rules.js';
import { findSettings } from './payee.store.js';
import {
  approveRun,
  cancelRun,
  findFile,
  findPayout,
  findPayoutsOf,
  findPayoutsOfRun,
  findRun,
  findRuns,
  findTransfers,
  lockRun,
  movePayout,
  proposeRun,
  sendRun,
} from './run.store.js';
import { writeTransferFile } from './transfer-file.service.js';

type RunChange = RpcInput<typeof payoutsRpc.changeRun>;

/** Runs of payouts, from what is available to what the bank says; each public method is one transaction. */
@Injectable()
export class RunService {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
  ) {}

  propose(context: CallContext): Promise<PayoutRun> {
    const { id: instanceId, currency } = requireInstance(context);
    const by = requirePerson(context).personId;
    const now = this.clock.now();
    const once = {
      callerKey: callerKey(context),
      command: 'propose-payout-run',
      key: requireKey(context),
      body: {},
      now,
    };
    return this.#change(instanceId, (tx) =>
      idempotent(tx, once, async () => {
        const runId = newId();
        const count = await proposeRun(tx, { instanceId, runId, currency, by, now });
        if (count > 0) return (await findRun(tx, runId))!;
        throw new DomainError('invalid-state', {
          detail: 'Nothing is available that a payee wants to be paid now.',
        });
      }),
    );
  }

  /** A run above the limit is approved by somebody else than who proposed it; what it is already, it stays. */
  change({ runId, state }: RunChange, context: CallContext): Promise<PayoutRun> {
    const { id: instanceId, timeZone } = requireInstance(context);
    const by = requirePerson(context).personId;
    const step = { instanceId, runId, by, now: this.clock.now() };
    return this.#change(instanceId, async (tx) => {
      const run = await lockRun(tx, step);
      if (!run) throw noSuchRun();
      if (run.state === state || (state === 'sent' && run.state === 'closed')) return run;
      if (state === 'approved') await this.#approve(tx, run, step);
      else if (state === 'sent') await this.#send(tx, run, { ...step, timeZone });
      else if (!(await cancelRun(tx, step))) throw wrongState(run);
      return (await findRun(tx, runId))!;
    });
  }

  async runs(input: RpcInput<typeof payoutsRpc.listRuns>, context: CallContext) {
    return this.#read(context, async (tx) => {
      const rows = await findRuns(tx, { before: idAfter(input.cursor), limit: input.limit + 1 });
      return pageFrom(rows, input.limit, ({ runId }) => runId);
    });
  }

  async run(
    { runId, cursor, limit }: RpcInput<typeof payoutsRpc.getRun>,
    context: CallContext,
  ): Promise<RpcOutput<typeof payoutsRpc.getRun>> {
    return this.#read(context, async (tx) => {
      const run = await findRun(tx, runId);
      if (!run) throw noSuchRun();
      const rows = await findPayoutsOfRun(tx, { runId, after: idAfter(cursor), limit: limit + 1 });
      return { run, payouts: pageFrom(rows, limit, ({ payoutId }) => payoutId) };
    });
  }

  async file({ runId }: { runId: string }, context: CallContext): Promise<{ name: string; content: string }> {
    const content = await this.#read(context, (tx) => findFile(tx, runId));
    if (content === null)
      throw new DomainError('not-found', { detail: 'The run has no file: it was not sent by one.' });
    return { name: `payouts-${runId}.xml`, content };
  }

  async payouts(input: RpcInput<typeof payoutsRpc.listPayouts>, context: CallContext) {
    if (!maySee(context.caller, { kind: input.ownerKind, id: input.ownerId })) {
      throw new DomainError('forbidden', { detail: 'Only the payee and stewards see these payouts.' });
    }
    return this.#read(context, async (tx) => {
      const page = { ...input, before: idAfter(input.cursor), limit: input.limit + 1 };
      return pageFrom(await findPayoutsOf(tx, page), input.limit, ({ payoutId }) => payoutId);
    });
  }

  move(
    { payoutId, state, reason }: RpcInput<typeof payoutsRpc.changePayout>,
    context: CallContext,
  ): Promise<Payout> {
    const { id: instanceId } = requireInstance(context);
    const by = requirePerson(context).personId;
    const step = { instanceId, payoutId, state, reason: reason ?? null, by, now: this.clock.now() };
    return this.#change(instanceId, async (tx) => {
      const outcome = await movePayout(tx, step);
      if (outcome === 'not-found') throw new DomainError('not-found', { detail: 'There is no such payout.' });
      const payout = (await findPayout(tx, payoutId))!;
      if (outcome !== 'invalid-state') return payout;
      throw new DomainError('invalid-state', {
        detail: `The payout is ${payout.state}: it cannot become ${state}.`,
      });
    });
  }

  async #approve(tx: Tx, run: PayoutRun, step: { instanceId: string; runId: string; by: string; now: Date }) {
    if (run.state !== 'proposed') throw wrongState(run);
    if (run.needsSecondPerson && run.proposedBy === step.by) {
      throw new DomainError('forbidden', {
        detail:
          'This run is above the limit of the instance: somebody else than who proposed it has to approve it.',
      });
    }
    await approveRun(tx, step);
  }

  async #send(
    tx: Tx,
    run: PayoutRun,
    step: { instanceId: string; runId: string; by: string; now: Date; timeZone: string },
  ): Promise<void> {
    if (run.state !== 'approved') throw wrongState(run);
    const transfers = await findTransfers(tx, step);
    const file = transfers.length > 0 ? await this.#file(tx, { run, transfers, ...step }) : null;
    if (!(await sendRun(tx, { ...step, file }))) throw wrongState(run);
  }

  async #file(
    tx: Tx,
    of: {
      run: PayoutRun;
      transfers: Awaited<ReturnType<typeof findTransfers>>;
      now: Date;
      timeZone: string;
    },
  ): Promise<string> {
    const settings = await findSettings(tx);
    if (!settings) {
      throw new DomainError('invalid-state', {
        detail: 'Say first from which account the instance pays, in the settings of payouts.',
      });
    }
    return writeTransferFile({
      messageId: of.run.runId.replaceAll('-', ''),
      createdAt: of.now,
      executionDate: new Intl.DateTimeFormat('en-CA', { timeZone: of.timeZone }).format(of.now),
      currency: of.run.currency,
      debtor: { iban: settings.debtorIban, accountName: settings.debtorName },
      transfers: of.transfers,
    });
  }

  #change<T>(instanceId: string, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(instanceId, (tx) => {
      afterCommit(tx, () => this.outbox.poke());
      return work(tx);
    });
  }

  #read<T>(context: CallContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(requireInstance(context).id, work);
  }
}

function noSuchRun(): DomainError {
  return new DomainError('not-found', { detail: 'There is no such run of payouts.' });
}

function wrongState({ state }: PayoutRun): DomainError {
  return new DomainError('invalid-state', { detail: `The run is ${state} already.` });
}
