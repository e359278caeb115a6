import {
  DomainError,
  pageFrom,
  requireInstance,
  type AccountRef,
  type AccountStatement,
  type CallContext,
  type LedgerAccount,
  type RpcInput,
  type ledgerRpc,
} from '@foodshed/contracts';
import { ALL_INSTANCES, Clock, Database, type Tx } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';
import { maySee } from './account.rules.js';
import {
  boundsOfMonth,
  findAccount,
  findAccountsOf,
  findEntries,
  findEntriesBetween,
  openAccount,
  standingBefore,
  sumLines,
} from './account.store.js';
import { findHeadBefore } from './books.store.js';
import { versionAfter } from './key.rules.js';

@Injectable()
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Opens an account with a limit, for a service. @throws already-exists when it has another limit. */
  open(input: RpcInput<typeof ledgerRpc.openAccount>): Promise<LedgerAccount> {
    const { instanceId, account: ref, limitMinor } = input;
    return this.database.transaction(ALL_INSTANCES, async (tx) => {
      const opened = await openAccount(tx, { instanceId, ref, limitMinor, now: this.clock.now() });
      if (opened.limitMinor !== limitMinor) {
        throw new DomainError('already-exists', {
          detail: 'The account is open with another limit.',
          fields: [{ path: 'limitMinor', message: `is ${opened.limitMinor ?? 'none'} on this account` }],
        });
      }
      return (await findAccount(tx, opened.accountId))!;
    });
  }

  /** The accounts of an owner whom the caller may see. @throws forbidden */
  async list(owner: AccountRef['owner'], context: CallContext): Promise<LedgerAccount[]> {
    if (!maySee(context.caller, owner)) {
      throw new DomainError('forbidden', { detail: 'Only the owner and stewards may see these accounts.' });
    }
    return this.#read(context, (tx) => findAccountsOf(tx, owner));
  }

  get(accountId: string, context: CallContext): Promise<LedgerAccount> {
    return this.#read(context, (tx) => visibleAccount(tx, accountId, context));
  }

  entries(input: RpcInput<typeof ledgerRpc.listEntries>, context: CallContext) {
    return this.#read(context, async (tx) => {
      const account = await visibleAccount(tx, input.accountId, context);
      const before = versionAfter(input.cursor);
      const rows = await findEntries(tx, { account, before, limit: input.limit + 1 });
      return pageFrom(rows, input.limit, ({ version }) => String(version));
    });
  }

  /** One month by the time of recording; each opening is the previous closing, because versions have no gaps. */
  statement(input: RpcInput<typeof ledgerRpc.getStatement>, context: CallContext): Promise<AccountStatement> {
    const { timeZone } = requireInstance(context);
    return this.#read(context, async (tx) => {
      const account = await visibleAccount(tx, input.accountId, context);
      const { from, until } = await boundsOfMonth(tx, { month: input.month, timeZone });
      const opening = await standingBefore(tx, { account, instant: from });
      const closing = await standingBefore(tx, { account, instant: until });
      const span = { account, after: opening.version, until: closing.version };
      const after = Math.max(versionAfter(input.cursor) ?? 0, opening.version);
      const rows = await findEntriesBetween(tx, { ...span, after, limit: input.limit + 1 });
      return {
        account,
        month: input.month,
        from: from.toISOString(),
        until: until.toISOString(),
        openingMinor: opening.standingMinor,
        closingMinor: closing.standingMinor,
        entryCount: closing.version - opening.version,
        totals: await sumLines(tx, span),
        head: await findHeadBefore(tx, { instanceId: requireInstance(context).id, instant: until }),
        entries: pageFrom(rows, input.limit, ({ version }) => String(version)),
      };
    });
  }

  #read<T>(context: CallContext, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.transaction(requireInstance(context).id, work);
  }
}

/** @throws not-found for an account of another instance too, forbidden for another's account. */
async function visibleAccount(tx: Tx, accountId: string, context: CallContext): Promise<LedgerAccount> {
  const account = await findAccount(tx, accountId);
  if (!account) throw new DomainError('not-found', { detail: 'There is no such account.' });
  if (!maySee(context.caller, account.account.owner)) {
    throw new DomainError('forbidden', { detail: 'Only the owner and stewards may see this account.' });
  }
  return account;
}
