import { ledgerRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { BooksService } from './books.service.js';

@Controller()
export class BooksController {
  constructor(private readonly books: BooksService) {}

  @Rpc(ledgerRpc.getHead)
  head(_input: object, context: CallContext): Promise<RpcOutput<typeof ledgerRpc.getHead>> {
    return this.books.head(context);
  }

  @Rpc(ledgerRpc.listOrderEntries)
  async orderEntries(
    input: RpcInput<typeof ledgerRpc.listOrderEntries>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listOrderEntries>> {
    return { items: await this.books.orderEntries(input.orderId, context), nextCursor: null };
  }

  @Rpc(ledgerRpc.getTrialBalance)
  trialBalance(_input: object, context: CallContext): Promise<RpcOutput<typeof ledgerRpc.getTrialBalance>> {
    return this.books.trialBalance(context);
  }

  @Rpc(ledgerRpc.listTotals)
  totals(
    input: RpcInput<typeof ledgerRpc.listTotals>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listTotals>> {
    return this.books.totals(input, context);
  }

  @Rpc(ledgerRpc.listSupport)
  support(
    input: RpcInput<typeof ledgerRpc.listSupport>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listSupport>> {
    return this.books.support(input, context);
  }

  @Rpc(ledgerRpc.listRefusals)
  refusals(
    input: RpcInput<typeof ledgerRpc.listRefusals>,
    context: CallContext,
  ): Promise<RpcOutput<typeof ledgerRpc.listRefusals>> {
    return this.books.refusals(input, context);
  }
}
