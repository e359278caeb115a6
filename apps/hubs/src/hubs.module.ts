import { Module } from '@nestjs/common';
import { BuyerConsumer } from './buyers/buyer.consumer.js';
import { BuyerController } from './buyers/buyer.controller.js';
import { BuyerService } from './buyers/buyer.service.js';
import { ContactService } from './buyers/contact.service.js';
import { ErasureService } from './buyers/erasure.service.js';
import { ExistingCustomerService } from './buyers/existing-customer.service.js';
import { EnterpriseController } from './enterprises/enterprise.controller.js';
import { EnterpriseService } from './enterprises/enterprise.service.js';
import { HubsKeys } from './hubs.config.js';
import { IntroductionController } from './introductions/introduction.controller.js';
import { IntroductionService } from './introductions/introduction.service.js';
import { InvitationController } from './managers/invitation.controller.js';
import { InvitationJobs } from './managers/invitation.jobs.js';
import { InvitationService } from './managers/invitation.service.js';
import { ManagerChanges } from './managers/manager-changes.service.js';
import { ManagerController } from './managers/manager.controller.js';
import { ManagerService } from './managers/manager.service.js';
import { AttributionConsumer } from './referrals/attribution.consumer.js';
import { AttributionService } from './referrals/attribution.service.js';
import { FirstSaleService } from './referrals/first-sale.service.js';
import { ReferralController } from './referrals/referral.controller.js';
import { ReferralLinkService } from './referrals/referral-link.service.js';
import { ReferralService } from './referrals/referral.service.js';

@Module({
  controllers: [
    BuyerController,
    EnterpriseController,
    IntroductionController,
    InvitationController,
    ManagerController,
    ReferralController,
  ],
  providers: [
    { provide: HubsKeys, useFactory: () => HubsKeys.load() },
    AttributionConsumer,
    AttributionService,
    BuyerConsumer,
    BuyerService,
    ContactService,
    EnterpriseService,
    ErasureService,
    ExistingCustomerService,
    FirstSaleService,
    IntroductionService,
    InvitationJobs,
    InvitationService,
    ManagerChanges,
    ManagerService,
    ReferralLinkService,
    ReferralService,
  ],
})
export class HubsModule {}
