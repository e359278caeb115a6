import { ledgerRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { AccountService } from './account.service.js';

@Controller()
export class AccountController {
  constructor(private readonly accounts: AccountService) {}

  @Rpc(ledgerRpc.openAccount)
  open(input: RpcInput<typeof ledgerRpc.openAccount>): Promise<RpcOutput<typeof ledgerRpc.openAccount>> {
    return this.accounts.open(input);
  }

  @Rpc(ledgerRpc.listAccounts)
  async list(
    input: RpcInput<typeof ledgerRpc.listAccounts>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listAccounts>> {
    const owner = { kind: input.ownerKind, id: input.ownerId };
    return { items: await this.accounts.list(owner, context), nextCursor: null };
  }

  @Rpc(ledgerRpc.getAccount)
  get(
    input: RpcInput<typeof ledgerRpc.getAccount>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.getAccount>> {
    return this.accounts.get(input.accountId, context);
  }

  @Rpc(ledgerRpc.listEntries)
  entries(
    input: RpcInput<typeof ledgerRpc.listEntries>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listEntries>> {
    return this.accounts.entries(input, context);
  }

  @Rpc(ledgerRpc.getStatement)
  statement(
    input: RpcInput<typeof ledgerRpc.getStatement>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.getStatement>> {
    return this.accounts.statement(input, context);
  }
}
