import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { InvitationService } from './invitation.service.js';

@Controller()
export class InvitationController {
  constructor(private readonly invitations: InvitationService) {}

  @Rpc(hubsRpc.inviteManager)
  invite(
    input: RpcInput<typeof hubsRpc.inviteManager>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.inviteManager>> {
    return this.invitations.invite(input, context);
  }

  @Rpc(hubsRpc.listManagerInvitations)
  list(
    input: RpcInput<typeof hubsRpc.listManagerInvitations>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listManagerInvitations>> {
    return this.invitations.list(input, context);
  }

  @Rpc(hubsRpc.withdrawManagerInvitation)
  withdraw(
    input: RpcInput<typeof hubsRpc.withdrawManagerInvitation>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.withdrawManagerInvitation>> {
    return this.invitations.withdraw(input, context);
  }

  @Rpc(hubsRpc.listOwnManagerInvitations)
  own(
    _input: RpcInput<typeof hubsRpc.listOwnManagerInvitations>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listOwnManagerInvitations>> {
    return this.invitations.own(context);
  }

  @Rpc(hubsRpc.acceptManagerInvitation)
  accept(
    input: RpcInput<typeof hubsRpc.acceptManagerInvitation>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.acceptManagerInvitation>> {
    return this.invitations.answer(input.invitationId, 'accepted', context);
  }

  @Rpc(hubsRpc.declineManagerInvitation)
  decline(
    input: RpcInput<typeof hubsRpc.declineManagerInvitation>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.declineManagerInvitation>> {
    return this.invitations.answer(input.invitationId, 'declined', context);
  }
}
