import {
  commissionRpc,
  DomainError,
  hubsRpc,
  ordersRpc,
  type CallContext,
  type ComposedQuote,
  type QuoteRequest,
  type RpcOutput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Injectable } from '@nestjs/common';

type Preview = NonNullable<RpcOutput<typeof ordersRpc.quoteOrder>['preview']>;

/** A quote does not wait longer than this for who would get what. */
const PREVIEW_MS = 1_500;

/** Quotes with who would get what of them, which takes three services. */
@Injectable()
export class QuotesService {
  constructor(private readonly rpc: RpcClient) {}

  /** Amounts always; who gets what of them when hubs and commission can say. */
  async quote(request: QuoteRequest, context: CallContext): Promise<ComposedQuote> {
    const { quote, preview } = await this.rpc.call(ordersRpc.quoteOrder, request, context);
    if (!preview) {
      const splitMissing = context.caller.kind === 'person' ? 'nothing-to-split' : 'not-signed-in';
      return { quote, split: null, splitMissing };
    }
    const split = await this.#split(preview, context);
    return { quote, split, splitMissing: split ? null : 'unavailable' };
  }

  /** Null when one of the two services cannot answer: a quote stands without them. */
  async #split(sale: Preview, context: CallContext): Promise<ComposedQuote['split']> {
    const timeout = { timeoutMs: PREVIEW_MS };
    try {
      const attributed = await this.rpc.call(hubsRpc.previewAttribution, sale, context, timeout);
      return await this.rpc.call(commissionRpc.previewSplit, { sale, ...attributed }, context, timeout);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}
