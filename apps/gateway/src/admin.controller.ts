import {
  acceptInvitationBody,
  adminRpc,
  createApiTokenBody,
  createInstanceBody,
  id,
  inviteBody,
  registerBody,
  setClockBody,
  setRolesBody,
  slug as slugSchema,
  updateMeBody,
  verifyEmailBody,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Put, Query, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { EdgeRequest } from './edge/edge.request.js';
import { readSessionCookie } from './edge/session.cookie.js';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof adminRpc> = RpcInput<(typeof adminRpc)[K]>;

@ApiTags('instances')
@Controller('api/instances')
export class InstanceController {
  constructor(private readonly rpc: RpcClient) {}

  @Get()
  @Answers(adminRpc.listInstances)
  list(
    @Query({ schema: adminRpc.listInstances.input }) query: In<'listInstances'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.listInstances, query, context);
  }

  @Post()
  @Answers(adminRpc.createInstance, { status: 201 })
  create(
    @Body({ schema: createInstanceBody }) body: In<'createInstance'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.createInstance, body, context);
  }

  @Get(':slug')
  @Answers(adminRpc.getInstance)
  get(@Param('slug', { schema: slugSchema }) slug: string, @CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.getInstance, { slug }, context);
  }
}

@ApiTags('people')
@Controller('api')
export class PeopleController {
  constructor(private readonly rpc: RpcClient) {}

  @Post('people')
  @Answers(adminRpc.registerPerson, { status: 201 })
  register(
    @Body({ schema: registerBody }) body: In<'registerPerson'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.registerPerson, body, context);
  }

  @Get('people')
  @Answers(adminRpc.listPeople)
  list(
    @Query({ schema: adminRpc.listPeople.input }) query: In<'listPeople'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.listPeople, query, context);
  }

  @Delete('people/:personId')
  @Answers(adminRpc.erasePerson)
  erase(@Param('personId', { schema: id }) personId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.erasePerson, { personId }, context);
  }

  @Put('people/:personId/roles')
  @Answers(adminRpc.setRoles)
  setRoles(
    @Param('personId', { schema: id }) personId: string,
    @Body({ schema: setRolesBody }) body: Omit<In<'setRoles'>, 'personId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.setRoles, { ...body, personId }, context);
  }

  @Post('invitations')
  @Answers(adminRpc.invitePerson, { status: 201 })
  invite(@Body({ schema: inviteBody }) body: In<'invitePerson'>, @CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.invitePerson, body, context);
  }

  @Post('invitations/acceptances')
  @Answers(adminRpc.acceptInvitation, { status: 201 })
  accept(
    @Body({ schema: acceptInvitationBody }) body: In<'acceptInvitation'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.acceptInvitation, body, context);
  }

  @Get('me')
  @Answers(adminRpc.getMe)
  me(@CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.getMe, {}, context);
  }

  @Patch('me')
  @Answers(adminRpc.updateMe)
  updateMe(
    @Body({ schema: updateMeBody }) body: Omit<In<'updateMe'>, 'sessionToken'>,
    @Req() request: EdgeRequest,
    @CallerContext() context: CallContext,
  ) {
    // The session that asks stays when a new password ends the others.
    const isSession = request.resolved.credential === 'cookie';
    const sessionToken = isSession ? readSessionCookie(request) : undefined;
    return this.rpc.call(adminRpc.updateMe, { ...body, sessionToken }, context);
  }

  @Post('me/email-verification')
  @HttpCode(200)
  @Answers(adminRpc.requestEmailVerification)
  requestEmailVerification(@CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.requestEmailVerification, {}, context);
  }

  @Post('email-verifications')
  @Answers(adminRpc.verifyEmail, { status: 201 })
  verifyEmail(
    @Body({ schema: verifyEmailBody }) body: In<'verifyEmail'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.verifyEmail, body, context);
  }

  @Get('api-tokens')
  @Answers(adminRpc.listApiTokens)
  apiTokens(
    @Query({ schema: adminRpc.listApiTokens.input }) query: In<'listApiTokens'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.listApiTokens, query, context);
  }

  @Post('api-tokens')
  @Answers(adminRpc.createApiToken, { status: 201 })
  createApiToken(
    @Body({ schema: createApiTokenBody }) body: In<'createApiToken'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.createApiToken, body, context);
  }

  @Delete('api-tokens/:apiTokenId')
  @Answers(adminRpc.revokeApiToken)
  revokeApiToken(
    @Param('apiTokenId', { schema: id }) apiTokenId: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.revokeApiToken, { apiTokenId }, context);
  }
}

@ApiTags('operations')
@Controller('api')
export class OperationsController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('dashboard')
  @Answers(adminRpc.getDashboard)
  dashboard(
    @Query({ schema: adminRpc.getDashboard.input }) query: In<'getDashboard'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.getDashboard, query, context);
  }

  @Get('administration/statement')
  @Answers(adminRpc.getStatement)
  statement(
    @Query({ schema: adminRpc.getStatement.input }) query: In<'getStatement'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.getStatement, query, context);
  }

  @Get('audit')
  @Answers(adminRpc.listAudit)
  audit(
    @Query({ schema: adminRpc.listAudit.input }) query: In<'listAudit'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(adminRpc.listAudit, query, context);
  }

  @Get('system/health')
  @Answers(adminRpc.getSystemHealth)
  health(@CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.getSystemHealth, {}, context);
  }

  @Post('system/clock')
  @HttpCode(200)
  @Answers(adminRpc.setClock)
  setClock(@Body({ schema: setClockBody }) body: In<'setClock'>, @CallerContext() context: CallContext) {
    return this.rpc.call(adminRpc.setClock, body, context);
  }
}
