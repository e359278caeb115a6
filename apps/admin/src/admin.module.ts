import { Module } from '@nestjs/common';
import { AdminConfig } from './admin.config.js';
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
import { SystemController } from './system/system.controller.js';
import { SystemService } from './system/system.service.js';
import { UpkeepJobs } from './system/upkeep.jobs.js';

@Module({
  controllers: [
    AuditController,
    DashboardController,
    InstanceController,
    PersonController,
    SessionController,
    SystemController,
  ],
  providers: [
    { provide: AdminConfig, useFactory: () => AdminConfig.read() },
    { provide: MailPort, useFactory: ({ mail }: AdminConfig) => MailPort.of(mail), inject: [AdminConfig] },
    ApiTokenService,
    AuditConsumer,
    AuditService,
    CallerChanges,
    DashboardConsumer,
    DashboardService,
    EmailService,
    InstanceService,
    MailJobs,
    MailService,
    MeService,
    PasswordService,
    PersonService,
    RegistrationService,
    SessionService,
    SystemService,
    TokenService,
    UpkeepJobs,
  ],
})
export class AdminModule {}
