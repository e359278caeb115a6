import { contributionsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { Controller } from '@nestjs/common';
import { BookService } from './book.service.js';

@Controller()
export class BookController {
  constructor(private readonly book: BookService) {}

  @Rpc(contributionsRpc.getContributingStatement)
  statement(
    input: RpcInput<typeof contributionsRpc.getContributingStatement>,
    context: CallContext,
  ): Promise<RpcOutput<typeof contributionsRpc.getContributingStatement>> {
    return this.book.statement(input, context);
  }

  @Rpc(contributionsRpc.listExpectedGifts)
  expected(
    input: RpcInput<typeof contributionsRpc.listExpectedGifts>,
    context: CallContext,
  ): Promise<RpcOutput<typeof contributionsRpc.listExpectedGifts>> {
    return this.book.expected(input, context);
  }
}
