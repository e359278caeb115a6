import {
  buyersQuery,
  enterpriseChanges,
  enterprisesQuery,
  existingCustomers,
  hubsRpc,
  id,
  introductionBody,
  newEnterprise,
  pageInput,
  referralCode,
  referralLinkBody,
  referralUseBody,
  slug,
  type CallContext,
  type RpcInput,
} from '@foodshed/contracts';
import { RpcClient } from '@foodshed/platform';
import { Body, Controller, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { z } from 'zod';
import { Answers, BodyLimit, CallerContext } from './http.decorators.js';

type In<K extends keyof typeof hubsRpc> = RpcInput<(typeof hubsRpc)[K]>;

const page = z.strictObject(pageInput);
type Page = z.output<typeof page>;
const idOrSlug = z.union([id, slug]);
/** Ten thousand contacts of the longest kind. */
const LIST_BYTES = 4 * 1024 * 1024;

@ApiTags('enterprises')
@Controller('api')
export class EnterpriseController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('enterprises')
  @Answers(hubsRpc.listEnterprises)
  list(
    @Query({ schema: enterprisesQuery }) query: In<'listEnterprises'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.listEnterprises, query, context);
  }

  @Get('hubs')
  @Answers(hubsRpc.listEnterprises)
  hubs(@Query({ schema: page }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.listEnterprises, { ...query, role: 'hub', managed: false }, context);
  }

  @Get('producers')
  @Answers(hubsRpc.listEnterprises)
  producers(@Query({ schema: page }) query: Page, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.listEnterprises, { ...query, role: 'producer', managed: false }, context);
  }

  @Post('enterprises')
  @Answers(hubsRpc.registerEnterprise, { status: 201 })
  register(
    @Body({ schema: newEnterprise }) body: In<'registerEnterprise'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.registerEnterprise, body, context);
  }

  @Get('enterprises/:id')
  @Answers(hubsRpc.getEnterprise)
  get(@Param('id', { schema: idOrSlug }) enterprise: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.getEnterprise, { enterprise }, context);
  }

  @Patch('enterprises/:id')
  @Answers(hubsRpc.editEnterprise)
  edit(
    @Param('id', { schema: id }) enterpriseId: string,
    @Body({ schema: enterpriseChanges }) changes: In<'editEnterprise'>['changes'],
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.editEnterprise, { enterpriseId, changes }, context);
  }

  @Post('producers/:id/existing-customers')
  @HttpCode(200)
  @BodyLimit(LIST_BYTES)
  @Answers(hubsRpc.addExistingCustomers)
  addExistingCustomers(
    @Param('id', { schema: id }) producerId: string,
    @Body({ schema: existingCustomers }) list: In<'addExistingCustomers'>['list'],
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.addExistingCustomers, { producerId, list }, context);
  }

  @Get('buyers')
  @Answers(hubsRpc.getBuyers)
  buyers(@Query({ schema: buyersQuery }) query: In<'getBuyers'>, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.getBuyers, query, context);
  }
}

@ApiTags('referrals')
@Controller('api')
export class ReferralController {
  constructor(private readonly rpc: RpcClient) {}

  @Get('hubs/:id/referral-links')
  @Answers(hubsRpc.listReferralLinks)
  links(
    @Param('id', { schema: id }) hubId: string,
    @Query({ schema: page }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.listReferralLinks, { hubId, ...query }, context);
  }

  @Post('hubs/:id/referral-links')
  @Answers(hubsRpc.createReferralLink, { status: 201 })
  createLink(
    @Param('id', { schema: id }) hubId: string,
    @Body({ schema: referralLinkBody }) body: Omit<In<'createReferralLink'>, 'hubId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.createReferralLink, { hubId, ...body }, context);
  }

  @Get('referral-links/:code')
  @Answers(hubsRpc.getReferralLink)
  link(@Param('code', { schema: referralCode }) code: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.getReferralLink, { code }, context);
  }

  @Post('referral-links/:code/uses')
  @HttpCode(200)
  @Answers(hubsRpc.useReferralLink)
  useLink(
    @Param('code', { schema: referralCode }) code: string,
    @Body({ schema: referralUseBody }) body: Omit<In<'useReferralLink'>, 'code'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.useReferralLink, { code, ...body }, context);
  }

  @Get('hubs/:id/referrals')
  @Answers(hubsRpc.listHubReferrals)
  ofHub(
    @Param('id', { schema: id }) hubId: string,
    @Query({ schema: page }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.listHubReferrals, { hubId, ...query }, context);
  }

  @Get('producers/:id/referrals')
  @Answers(hubsRpc.listProducerReferrals)
  ofProducer(
    @Param('id', { schema: id }) producerId: string,
    @Query({ schema: page }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.listProducerReferrals, { producerId, ...query }, context);
  }

  @Post('hubs/:id/introductions')
  @Answers(hubsRpc.proposeIntroduction, { status: 201 })
  introduce(
    @Param('id', { schema: id }) hubId: string,
    @Body({ schema: introductionBody }) body: Omit<In<'proposeIntroduction'>, 'hubId'>,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.proposeIntroduction, { hubId, ...body }, context);
  }

  @Get('producers/:id/introductions')
  @Answers(hubsRpc.listIntroductions)
  introductions(
    @Param('id', { schema: id }) producerId: string,
    @Query({ schema: page }) query: Page,
    @CallerContext() context: CallContext,
  ) {
    return this.rpc.call(hubsRpc.listIntroductions, { producerId, ...query }, context);
  }

  @Post('introductions/:id/acceptance')
  @HttpCode(200)
  @Answers(hubsRpc.acceptIntroduction)
  accept(@Param('id', { schema: id }) introductionId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.acceptIntroduction, { introductionId }, context);
  }

  @Post('introductions/:id/refusal')
  @HttpCode(200)
  @Answers(hubsRpc.refuseIntroduction)
  refuse(@Param('id', { schema: id }) introductionId: string, @CallerContext() context: CallContext) {
    return this.rpc.call(hubsRpc.refuseIntroduction, { introductionId }, context);
  }
}
