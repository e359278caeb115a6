import { Module, type OnModuleInit } from '@nestjs/common';
import { BookController } from './escrow/book.controller.js';
import { BookService } from './escrow/book.service.js';
import { EscrowJobs } from './escrow/escrow.jobs.js';
import { EscrowService } from './escrow/escrow.service.js';
import { LedgerService } from './escrow/ledger.service.js';
import { MovesService } from './escrow/moves.service.js';
import { assertPitchSteps } from './pitches/pitch-state.rules.js';
import { PitchController } from './pitches/pitch.controller.js';
import { PitchService } from './pitches/pitch.service.js';
import { TeamService } from './pitches/team.service.js';
import { assertPledgeSteps } from './pledges/pledge-state.rules.js';
import { PledgeController } from './pledges/pledge.controller.js';
import { PledgeService } from './pledges/pledge.service.js';

@Module({
  controllers: [BookController, PitchController, PledgeController],
  providers: [
    BookService,
    EscrowJobs,
    EscrowService,
    LedgerService,
    MovesService,
    PitchService,
    PledgeService,
    TeamService,
  ],
})
export class DevelopersModule implements OnModuleInit {
  onModuleInit(): void {
    assertPitchSteps();
    assertPledgeSteps();
  }
}
