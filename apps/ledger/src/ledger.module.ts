import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.js';
import { AccountService } from './account.service.js';
import { BooksController } from './books.controller.js';
import { BooksService } from './books.service.js';
import { GiftService } from './gift.service.js';
import { HoldController } from './hold.controller.js';
import { HoldJobs } from './hold.jobs.js';
import { HoldService } from './hold.service.js';
import { ConfirmationController } from './payouts/confirmation.controller.js';
import { ConfirmationService } from './payouts/confirmation.service.js';
import { ErasureConsumer } from './payouts/erasure.consumer.js';
import { FulfilmentConsumer } from './payouts/fulfilment.consumer.js';
import { PayeeService } from './payouts/payee.service.js';
import { PayoutController } from './payouts/payout.controller.js';
import { ReleaseJobs } from './payouts/release.jobs.js';
import { ReleaseService } from './payouts/release.service.js';
import { RunService } from './payouts/run.service.js';
import { PostingController } from './posting.controller.js';
import { PostingService } from './posting.service.js';
import { SplitConsumer } from './split.consumer.js';
import { FlowSumJobs } from './value-map/flow-sum.jobs.js';
import { FlowSumService } from './value-map/flow-sum.service.js';
import { ValueMapController } from './value-map/value-map.controller.js';
import { ValueMapService } from './value-map/value-map.service.js';

@Module({
  controllers: [
    AccountController,
    BooksController,
    ConfirmationController,
    HoldController,
    PayoutController,
    PostingController,
    ValueMapController,
  ],
  providers: [
    AccountService,
    BooksService,
    FlowSumJobs,
    FlowSumService,
    ConfirmationService,
    ErasureConsumer,
    FulfilmentConsumer,
    GiftService,
    HoldJobs,
    HoldService,
    PayeeService,
    PostingService,
    ReleaseJobs,
    ReleaseService,
    RunService,
    SplitConsumer,
    ValueMapService,
  ],
})
export class LedgerModule {}
