import { Readable } from 'node:stream';
import {
  entriesQuery,
  id,
  ledgerRpc,
  mapArrowQuery,
  statementQuery,
  valueMapRpc,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Controller, Get, Header, Headers, Param, Query, StreamableFile } from '@nestjs/common';
import { ApiProduces, ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';
import { statementCsv } from './statement.rules.js';

type In<K extends keyof typeof ledgerRpc> = RpcInput<(typeof ledgerRpc)[K]>;
type Page = { cursor?: string; limit: number };

const LARGEST_PAGE = 200;

@ApiTags('accounts')
@Controller('api/accounts')
export class AccountsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @Answers(ledgerRpc.listAccounts)
  list(
    @Query({ schema: ledgerRpc.listAccounts.input }) query: In<'listAccounts'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ledgerRpc.listAccounts, query, context);
  }

  @Get(':accountId')
  @Answers(ledgerRpc.getAccount)
  get(@Param('accountId', { schema: id }) accountId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(ledgerRpc.getAccount, { accountId }, context);
  }

  @Get(':accountId/entries')
  @Answers(ledgerRpc.listEntries)
  entries(
    @Param('accountId', { schema: id }) accountId: string,
    @Query({ schema: entriesQuery }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ledgerRpc.listEntries, { ...query, accountId }, context);
  }

  /** JSON, a page of entries at a time; all of them as CSV for those who accept `text/csv` before JSON. */
  @Get(':accountId/statement')
  @Answers(ledgerRpc.getStatement)
  @ApiProduces('application/json', 'text/csv')
  @Header('Vary', 'Accept')
  async statement(
    @Param('accountId', { schema: id }) accountId: string,
    @Query({ schema: statementQuery }) query: Page & { month: string },
    @Headers('accept') accept: string | undefined,
    @CallerContext() context: CallContext,
  ) {
    if (!prefersCsv(accept)) return this.rpc.call(ledgerRpc.getStatement, { ...query, accountId }, context);
    const page = { accountId, month: query.month, limit: LARGEST_PAGE };
    const first = await this.rpc.call(ledgerRpc.getStatement, page, context);
    const more = (cursor: string) => this.rpc.call(ledgerRpc.getStatement, { ...page, cursor }, context);
    return new StreamableFile(Readable.from(statementCsv(first, more)), {
      type: 'text/csv; charset=utf-8; header=present',
      disposition: `attachment; filename="statement-${query.month}.csv"`,
    });
  }
}

@ApiTags('ledger')
@Controller('api')
export class LedgerController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('orders/:orderId/entries')
  @Answers(ledgerRpc.listOrderEntries)
  orderEntries(@Param('orderId', { schema: id }) orderId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(ledgerRpc.listOrderEntries, { orderId }, context);
  }

  @Get('ledger/head')
  @Answers(ledgerRpc.getHead)
  head(@CallerContext() context: CallContext) {
    return this.rpc.call(ledgerRpc.getHead, {}, context);
  }

  @Get('ledger/trial-balance')
  @Answers(ledgerRpc.getTrialBalance)
  trialBalance(@CallerContext() context: CallContext) {
    return this.rpc.call(ledgerRpc.getTrialBalance, {}, context);
  }

  @Get('ledger/totals')
  @Answers(ledgerRpc.listTotals)
  totals(@Query({ schema: ledgerRpc.listTotals.input }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(ledgerRpc.listTotals, query, context);
  }

  @Get('ledger/refusals')
  @Answers(ledgerRpc.listRefusals)
  refusals(
    @Query({ schema: ledgerRpc.listRefusals.input }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(ledgerRpc.listRefusals, query, context);
  }
}

@ApiTags('ledger')
@Controller('api/value-map')
export class ValueMapController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @Answers(valueMapRpc.getValueMap)
  map(
    @Query({ schema: valueMapRpc.getValueMap.input }) query: RpcInput<typeof valueMapRpc.getValueMap>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(valueMapRpc.getValueMap, query, context);
  }

  @Get('entries')
  @Answers(valueMapRpc.listArrowEntries)
  entries(
    @Query({ schema: mapArrowQuery }) query: RpcInput<typeof valueMapRpc.listArrowEntries>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(valueMapRpc.listArrowEntries, query, context);
  }
}

function prefersCsv(accept = ''): boolean {
  const csv = accept.indexOf('text/csv');
  const json = accept.indexOf('application/json');
  return csv >= 0 && (json < 0 || csv < json);
}
