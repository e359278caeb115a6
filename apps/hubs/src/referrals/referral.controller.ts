import { Controller } from '@nestjs/common';
import { hubsRpc, type CallContext, type RpcInput, type RpcOutput } from '@foodshed/contracts';
import { Rpc } from '@foodshed/platform';
import { ReferralLinkService } from './referral-link.service.js';
import { ReferralService } from './referral.service.js';

@Controller()
export class ReferralController {
  constructor(
    private readonly referrals: ReferralService,
    private readonly links: ReferralLinkService,
  ) {}

  @Rpc(hubsRpc.createReferralLink)
  createLink(
    input: RpcInput<typeof hubsRpc.createReferralLink>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.createReferralLink>> {
    return this.links.create(input, context);
  }

  @Rpc(hubsRpc.listReferralLinks)
  listLinks(
    input: RpcInput<typeof hubsRpc.listReferralLinks>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listReferralLinks>> {
    return this.links.list(input, context);
  }

  @Rpc(hubsRpc.getReferralLink)
  getLink(
    input: RpcInput<typeof hubsRpc.getReferralLink>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.getReferralLink>> {
    return this.links.get(input, context);
  }

  @Rpc(hubsRpc.useReferralLink)
  useLink(
    input: RpcInput<typeof hubsRpc.useReferralLink>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.useReferralLink>> {
    return this.links.use(input, context);
  }

  @Rpc(hubsRpc.listHubReferrals)
  ofHub(
    input: RpcInput<typeof hubsRpc.listHubReferrals>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listHubReferrals>> {
    return this.referrals.ofHub(input, context);
  }

  @Rpc(hubsRpc.listProducerReferrals)
  ofProducer(
    input: RpcInput<typeof hubsRpc.listProducerReferrals>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.listProducerReferrals>> {
    return this.referrals.ofProducer(input, context);
  }

  @Rpc(hubsRpc.previewAttribution)
  preview(
    input: RpcInput<typeof hubsRpc.previewAttribution>,
    context: CallContext,
  ): Promise<RpcOutput<typeof hubsRpc.previewAttribution>> {
    return this.referrals.preview(input, context);
  }
}
