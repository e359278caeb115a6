import {
  hubsRpc,
  id,
  managerInvitationBody,
  managersChange,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Put } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Answers, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof hubsRpc> = RpcInput<(typeof hubsRpc)[K]>;

/** Who manages an enterprise: by invitation and consent, with shares by date. */
@ApiTags('managers')
@Controller('api')
export class ManagerController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('enterprises/:id/managers')
  @Answers(hubsRpc.listManagers)
  managers(@Param('id', { schema: id }) enterpriseId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.listManagers, { enterpriseId }, context);
  }

  @Put('enterprises/:id/managers')
  @Answers(hubsRpc.setManagers)
  setManagers(
    @Param('id', { schema: id }) enterpriseId: string,
    @Body({ schema: managersChange }) change: In<'setManagers'>['change'],
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.setManagers, { enterpriseId, change }, context);
  }

  @Delete('enterprises/:id/managers/me')
  @Answers(hubsRpc.leaveManagement)
  leave(@Param('id', { schema: id }) enterpriseId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.leaveManagement, { enterpriseId }, context);
  }

  @Get('enterprises/:id/manager-invitations')
  @Answers(hubsRpc.listManagerInvitations)
  invitations(@Param('id', { schema: id }) enterpriseId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.listManagerInvitations, { enterpriseId }, context);
  }

  @Post('enterprises/:id/manager-invitations')
  @Answers(hubsRpc.inviteManager, { status: 201 })
  invite(
    @Param('id', { schema: id }) enterpriseId: string,
    @Body({ schema: managerInvitationBody }) invite: In<'inviteManager'>['invite'],
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.inviteManager, { enterpriseId, invite }, context);
  }

  @Delete('enterprises/:id/manager-invitations/:invitationId')
  @Answers(hubsRpc.withdrawManagerInvitation)
  withdraw(
    @Param('id', { schema: id }) enterpriseId: string,
    @Param('invitationId', { schema: id }) invitationId: string,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.withdrawManagerInvitation, { enterpriseId, invitationId }, context);
  }

  @Get('manager-invitations')
  @Answers(hubsRpc.listOwnManagerInvitations)
  own(@CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.listOwnManagerInvitations, {}, context);
  }

  @Post('manager-invitations/:id/acceptance')
  @HttpCode(200)
  @Answers(hubsRpc.acceptManagerInvitation)
  accept(@Param('id', { schema: id }) invitationId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.acceptManagerInvitation, { invitationId }, context);
  }

  @Post('manager-invitations/:id/refusal')
  @HttpCode(200)
  @Answers(hubsRpc.declineManagerInvitation)
  decline(@Param('id', { schema: id }) invitationId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.declineManagerInvitation, { invitationId }, context);
  }
}
