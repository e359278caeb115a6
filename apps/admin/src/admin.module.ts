import { Module } from '@nestjs/common';
import { AdminConfig, WebhookSettings } from './admin.config.js';
import { AuditConsumer } from './audit/audit.consumer.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { DashboardConsumer } from './dashboard/dashboard.consumer.js';
import { DashboardController } from './dashboard/dashboard.controller.js';
import { DashboardService } from './dashboard/dashboard.service.js';
import { InstanceController } from './instances/instance.controller.js';
import { InstanceService } from './instances/instance.service.js';
import { MailPort } from './mail/mail-port.service.js';
import { MailJobs } from './mail/mail.jobs.js';
import { MailService } from './mail/mail.service.js';
import { EmailService } from './people/email.service.js';
import { MeService } from './people/me.service.js';
import { PasswordService } from './people/password.service.js';
import { PersonController } from './people/person.controller.js';
import { PersonService } from './people/person.service.js';
import { RegistrationService } from './people/registration.service.js';
import { ApiTokenService } from './sessions/api-token.service.js';
import { CallerChanges } from './sessions/caller-changes.service.js';
import { SessionController } from './sessions/session.controller.js';
import { SessionService } from './sessions/session.service.js';
import { TokenService } from './sessions/token.service.js';
import { ReconciliationJobs } from './reconciliation/reconciliation.jobs.js';
import { ReconciliationService } from './reconciliation/reconciliation.service.js';
import { OperationsController } from './system/operations.controller.js';
import { OperationsService } from './system/operations.service.js';
import { SystemController } from './system/system.controller.js';
import { SystemService } from './system/system.service.js';
import { UpkeepJobs } from './system/upkeep.jobs.js';
import { DeliveryService } from './webhooks/delivery.service.js';
import { WebhookPost } from './webhooks/post.service.js';
import { WebhookQueue } from './webhooks/queue.service.js';
import { WebhookSecrets } from './webhooks/secret.service.js';
import { WebhookSending } from './webhooks/sending.service.js';
import { WebhookTargets } from './webhooks/target.service.js';
import { WebhookConsumer } from './webhooks/webhook.consumer.js';
import { WebhookController } from './webhooks/webhook.controller.js';
import { WebhookJobs } from './webhooks/webhook.jobs.js';
import { WebhookService } from './webhooks/webhook.service.js';

@Module({
  controllers: [
    AuditController,
    DashboardController,
    InstanceController,
    OperationsController,
    PersonController,
    SessionController,
    SystemController,
    WebhookController,
  ],
  providers: [
    { provide: AdminConfig, useFactory: () => AdminConfig.read() },
    { provide: MailPort, useFactory: ({ mail }: AdminConfig) => MailPort.of(mail), inject: [AdminConfig] },
    { provide: WebhookSettings, useFactory: () => WebhookSettings.load() },
    {
      provide: WebhookTargets,
      useFactory: (settings: WebhookSettings) => new WebhookTargets(settings),
      inject: [WebhookSettings],
    },
    ApiTokenService,
    AuditConsumer,
    AuditService,
    CallerChanges,
    DashboardConsumer,
    DashboardService,
    DeliveryService,
    EmailService,
    InstanceService,
    MailJobs,
    MailService,
    MeService,
    OperationsService,
    PasswordService,
    PersonService,
    ReconciliationJobs,
    ReconciliationService,
    RegistrationService,
    SessionService,
    SystemService,
    TokenService,
    UpkeepJobs,
    WebhookConsumer,
    WebhookJobs,
    WebhookPost,
    WebhookQueue,
    WebhookSecrets,
    WebhookSending,
    WebhookService,
  ],
})
export class AdminModule {}
