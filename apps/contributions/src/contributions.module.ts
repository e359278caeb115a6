import { Module, type OnModuleInit } from '@nestjs/common';
import { BookController } from './book/book.controller.js';
import { BookService } from './book/book.service.js';
import { ErasureConsumer } from './gifts/erasure.consumer.js';
import { assertGiftSteps } from './gifts/gift-state.rules.js';
import { GiftController } from './gifts/gift.controller.js';
import { GiftJobs } from './gifts/gift.jobs.js';
import { GiftService } from './gifts/gift.service.js';
import { NamesService } from './gifts/names.service.js';
import { PostingService } from './gifts/posting.service.js';
import { ReceiversService } from './gifts/receivers.service.js';
import { ReceivedController } from './received/received.controller.js';
import { ReceivedService } from './received/received.service.js';
import { ReturnService } from './received/return.service.js';

@Module({
  controllers: [BookController, GiftController, ReceivedController],
  providers: [
    BookService,
    ErasureConsumer,
    GiftJobs,
    GiftService,
    NamesService,
    PostingService,
    ReceivedService,
    ReceiversService,
    ReturnService,
  ],
})
export class ContributionsModule implements OnModuleInit {
  onModuleInit(): void {
    assertGiftSteps();
  }
}
