import type { LedgerCommand, PostingCommand } from '@foodshed/contracts';
import { ALL_INSTANCES, afterCommit, Clock, Database, Metrics, Outbox, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { postBatch, type BatchAnswer } from './posting.store.js';

export const MAX_COMMANDS = 100;

export interface InstanceCommand {
  readonly instanceId: string;
  readonly command: PostingCommand;
}

@Injectable()
export class PostingService {
  readonly #commands: Counter<'outcome' | 'code'>;

  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
    private readonly clock: Clock,
    metrics: Metrics,
  ) {
    this.#commands = new Counter({
      name: 'foodshed_ledger_commands_total',
      help: 'Posting commands by outcome, and by code where refused: a refusal is for an operator to look into',
      labelNames: ['outcome', 'code'],
      registers: [metrics.registry],
    });
  }

  /** Posts one batch; the answer says of each command what became of it. */
  post(input: { instanceId: string; commands: LedgerCommand[] }): Promise<BatchAnswer> {
    return this.database.transaction(ALL_INSTANCES, (tx) => this.#post(tx, input.instanceId, input.commands));
  }

  /** Posts commands of any instances inside the caller's transaction, in batches, instance after instance. */
  async postAll(tx: Tx, commands: readonly InstanceCommand[]): Promise<void> {
    const byInstance = new Map<string, PostingCommand[]>();
    for (const { instanceId, command } of commands) {
      const own = byInstance.get(instanceId);
      if (own) own.push(command);
      else byInstance.set(instanceId, [command]);
    }
    for (const [instanceId, own] of [...byInstance].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (let from = 0; from < own.length; from += MAX_COMMANDS) {
        await this.#post(tx, instanceId, own.slice(from, from + MAX_COMMANDS));
      }
    }
  }

  async #post(tx: Tx, instanceId: string, commands: readonly LedgerCommand[]): Promise<BatchAnswer> {
    const answer = await postBatch(tx, { instanceId, commands, now: this.clock.now() });
    afterCommit(tx, () => {
      for (const { outcome, code } of answer.outcomes) this.#commands.inc({ outcome, code: code ?? '' });
      this.outbox.poke();
    });
    return answer;
  }
}
