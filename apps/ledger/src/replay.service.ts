import { createHash } from 'node:crypto';
import {
  batchText,
  contentText,
  identityText,
  sealText,
  whatChanged,
  whatDiffersAtEnd,
  type SealedEntry,
  type SealedTransaction,
} from './seal.rules.js';
import {
  countRows,
  orderOfKey,
  readAccounts,
  readBatches,
  readStandings,
  readTransactions,
  windowsOf,
  type ChainHead,
  type Query,
  type StoredAccount,
  type StoredBatch,
  type StoredTransaction,
} from './verify.store.js';

/** One thing that is not as it was sealed, named as closely as the hashes allow. */
export interface Finding {
  readonly instanceId: string;
  readonly where: string;
  readonly what: string;
}

/** A head as somebody kept it: the batch must still have this hash. */
export type KeptHead = Pick<ChainHead, 'instanceId' | 'batch' | 'hash'>;

export interface VerifyOptions {
  readonly earlierHeads?: readonly KeptHead[];
  /** Heads up to which the books were verified before; each chain is replayed from there on, or from its first batch. */
  readonly since?: readonly KeptHead[];
  readonly onProgress?: (entries: number) => void;
}

interface Running {
  readonly account: StoredAccount;
  readonly reference: string;
  version: number;
  balanceMinor: number;
}

const NO_HASH = '0'.repeat(64);
const PAGE = 5_000;
const MAX_FINDINGS = 100;
const NIL = '00000000-0000-0000-0000-000000000000';

const sha256 = (...parts: (string | Buffer)[]): string => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
};

/** One instance's chain, replayed. */
export class Replay {
  entryCount = 0;
  transactionCount = 0;
  readonly #accounts = new Map<string, Running>();
  readonly #lines = new Set<string>();
  readonly #shares = new Set<string | null>();
  #since = 0;
  #last: StoredBatch = {
    number: 0,
    previousHash: NO_HASH,
    hash: NO_HASH,
    transactionCount: 0,
    recordedAt: 0,
  };

  constructor(
    private readonly query: Query,
    private readonly head: ChainHead,
    private readonly findings: Finding[],
    private readonly options: VerifyOptions,
  ) {}

  async run(): Promise<void> {
    await this.#loadAccounts();
    const { instanceId } = this.head;
    for (let after = await this.#begin(); ;) {
      const batches = await readBatches(this.query, { instanceId, after, limit: PAGE });
      if (batches.length === 0) break;
      for (const window of windowsOf(batches)) await this.#replayWindow(window);
      after = batches.at(-1)!.number;
    }
    await this.#compareEnds();
  }

  /** Takes up where the books were verified before; returns that batch, 0 for a replay of everything. */
  async #begin(): Promise<number> {
    const { instanceId } = this.head;
    const since = this.options.since?.find((kept) => kept.instanceId === instanceId);
    if (!since || since.batch === 0) return 0;
    const [batch] = await readBatches(this.query, { instanceId, after: since.batch - 1, limit: 1 });
    // What came before is not what was verified then: nothing of it is believed.
    if (batch?.number !== since.batch || batch.hash !== since.hash) return 0;
    for (const { accountId, version, balanceMinor } of await readStandings(this.query, since)) {
      Object.assign(this.#accounts.get(accountId) ?? {}, { version, balanceMinor });
    }
    this.#last = batch;
    this.#since = since.batch;
    return since.batch;
  }

  #found(where: string, what: string): void {
    if (this.findings.length < MAX_FINDINGS) {
      this.findings.push({ instanceId: this.head.instanceId, where, what });
    }
  }

  async #loadAccounts(): Promise<void> {
    const { instanceId } = this.head;
    for (let after = NIL; ;) {
      const page = await readAccounts(this.query, { instanceId, after, limit: PAGE });
      for (const account of page) {
        const reference = `${account.ownerKind}:${account.ownerId}:${account.purpose}:${account.currency}`;
        this.#accounts.set(account.id, { account, reference, version: 0, balanceMinor: 0 });
        if (sha256(identityText(account)) !== account.identityHash) {
          this.#found(
            `account ${account.id}`,
            'owner, purpose, currency, side, limit or opening differ from its identity hash',
          );
        }
      }
      if (page.length < PAGE) break;
      after = page.at(-1)!.id;
    }
  }

  async #replayWindow(batches: readonly StoredBatch[]): Promise<void> {
    const from = batches[0]!.number;
    const to = batches.at(-1)!.number;
    const { instanceId } = this.head;
    const transactions = await readTransactions(this.query, { instanceId, from, to });
    let next = 0;
    for (const batch of batches) {
      const own: StoredTransaction[] = [];
      while (transactions[next] !== undefined && transactions[next]!.batch <= batch.number)
        own.push(transactions[next++]!);
      this.#replayBatch(batch, own);
    }
    this.options.onProgress?.(this.entryCount);
  }

  #replayBatch(batch: StoredBatch, transactions: readonly StoredTransaction[]): void {
    const where = `batch ${batch.number}`;
    if (batch.number !== this.#last.number + 1) this.#found(where, `follows batch ${this.#last.number}`);
    if (batch.previousHash !== this.#last.hash)
      this.#found(where, 'previous_hash is not the hash of the batch before');
    if (batch.recordedAt < this.#last.recordedAt)
      this.#found(where, 'recorded_at is before that of the batch before');
    if (batch.transactionCount !== transactions.length) {
      this.#found(where, `transaction_count is ${batch.transactionCount}, there are ${transactions.length}`);
    }
    const computed = transactions.map((transaction, index) =>
      this.#replayTransaction(batch, transaction, index + 1),
    );
    const hashWith = (seals: readonly string[]): string =>
      sha256(
        Buffer.from(batch.previousHash, 'hex'),
        batchText({ ...batch, instanceId: this.head.instanceId }),
        Buffer.from(seals.join(''), 'hex'),
      );
    const stored = transactions.map(({ seal }) => seal);
    if (hashWith(computed) !== batch.hash) {
      const broken = transactions.filter(({ seal }, index) => seal !== computed[index]);
      if (broken.length === 0)
        this.#found(where, 'its hash, recorded_at or count was changed, or a transaction removed');
      for (const { id } of broken) {
        this.#found(
          `transaction ${id}`,
          hashWith(stored) === batch.hash
            ? 'differs from its seal'
            : 'it, or the seal of its batch, was changed',
        );
      }
    } else {
      for (const [index, { id, seal }] of transactions.entries()) {
        if (seal !== computed[index])
          this.#found(`transaction ${id}`, 'seal was changed; what it seals is as it was');
      }
    }
    this.#last = batch;
  }

  /** Checks one transaction against the accounts as replayed; returns the seal it should have. */
  #replayTransaction(batch: StoredBatch, stored: StoredTransaction, position: number): string {
    const where = `transaction ${stored.id}`;
    if (stored.batch !== batch.number || stored.position !== position) {
      this.#found(
        where,
        `position is ${stored.position} of batch ${stored.batch}, not ${position} of ${batch.number}`,
      );
    }
    if (stored.recordedAt !== batch.recordedAt) this.#found(where, 'recorded_at is not that of its batch');
    if (stored.orderId !== orderOfKey(stored.businessKey))
      this.#found(where, 'order_id is not that of its business_key');
    const before = stored.entries.map(({ accountId }) => this.#accounts.get(accountId)?.balanceMinor ?? 0);
    const entries = stored.entries.map((entry) => this.#replayEntry(entry));
    const sum = entries.reduce((total, { amountMinor }) => total + amountMinor, 0);
    if (sum !== 0) this.#found(where, `its entries add up to ${sum}, not to zero`);
    const transaction: SealedTransaction = { ...stored, entries };
    const contentHash = sha256(contentText(transaction));
    if (contentHash !== stored.contentHash) {
      const known = sha256(sealText(transaction, contentHash)) === stored.seal;
      this.#found(
        where,
        known
          ? 'content_hash was changed; its content is as it was'
          : whatChanged(transaction, {
              before,
              lines: this.#lines,
              shares: this.#shares,
              isSealed: (changed) => sha256(contentText(changed)) === stored.contentHash,
            }),
      );
    }
    this.transactionCount += 1;
    this.entryCount += entries.length;
    return sha256(sealText(transaction, contentHash));
  }

  #replayEntry(entry: StoredTransaction['entries'][number]): SealedEntry {
    const where = `entry ${entry.version} of account ${entry.accountId}`;
    const running = this.#accounts.get(entry.accountId);
    if (!running) {
      this.#found(where, 'there is no such account');
      return { ...entry, reference: '' };
    }
    if (entry.version !== running.version + 1)
      this.#found(where, `version ${running.version + 1} was expected`);
    const expected = running.balanceMinor + entry.amountMinor;
    if (entry.balanceMinor !== expected) {
      this.#found(
        where,
        `balance_minor is ${entry.balanceMinor}, ${running.balanceMinor} and amount_minor ${entry.amountMinor} give ${expected}`,
      );
    }
    // What follows is compared with what is stored, so that one change is reported once.
    running.version = entry.version;
    running.balanceMinor = entry.balanceMinor;
    this.#lines.add(entry.line);
    this.#shares.add(entry.shareId);
    return { ...entry, reference: running.reference };
  }

  async #compareEnds(): Promise<void> {
    const { instanceId, batch, hash, sealedAt } = this.head;
    if (
      batch !== this.#last.number ||
      hash !== this.#last.hash ||
      (sealedAt ?? 0) !== this.#last.recordedAt
    ) {
      this.#found(
        'head',
        `is batch ${batch} ${hash}, the chain ends with batch ${this.#last.number} ${this.#last.hash}`,
      );
    }
    for (const { account, version, balanceMinor } of this.#accounts.values()) {
      for (const what of whatDiffersAtEnd(account, { version, balanceMinor }))
        this.#found(`account ${account.id}`, what);
    }
    const counts = await countRows(this.query, { instanceId, after: this.#since });
    for (const [what, there, replayed] of [
      ['transactions', counts.transactions, this.transactionCount],
      ['entries', counts.entries, this.entryCount],
    ] as const) {
      if (there !== replayed) this.#found(what, `there are ${there}, the batches have ${replayed}`);
    }
  }
}
