import { developersRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { BookService } from './book.service.js';

@Controller()
export class BookController {
  constructor(private readonly book: BookService) {}

  @Rpc(developersRpc.listEarnings)
  earnings(
    input: RpcInput<typeof developersRpc.listEarnings>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.listEarnings>> {
    return this.book.earnings(input, context);
  }

  @Rpc(developersRpc.getDevelopingStatement)
  statement(
    input: RpcInput<typeof developersRpc.getDevelopingStatement>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.getDevelopingStatement>> {
    return this.book.statement(input, context);
  }

  @Rpc(developersRpc.listExpectedPledges)
  expectedPledges(
    input: RpcInput<typeof developersRpc.listExpectedPledges>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.listExpectedPledges>> {
    return this.book.expectedPledges(input, context);
  }

  @Rpc(developersRpc.listExpectedPayouts)
  expectedPayouts(
    input: RpcInput<typeof developersRpc.listExpectedPayouts>,
    context: CallContext,
  ): Promise<RpcOutput<typeof developersRpc.listExpectedPayouts>> {
    return this.book.expectedPayouts(input, context);
  }
}
