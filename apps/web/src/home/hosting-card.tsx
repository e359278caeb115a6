import type {
  AccountStatement,
  Cycle,
  LedgerAccount,
  OrderSummary,
  SupplyAgreement,
} from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconBuildingStore } from '@tabler/icons-react';
import { DateTime } from 'luxon';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import { type SessionEnterprise, useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { GiftsFact } from '../giving/gifts-fact.js';
import { supplyPath } from '../supply/proposal-form.js';
import { Count, Fact, HomeCard } from './home-card.js';

/** The person's own commission of this month, from their statement. */
function CommissionFact({ to }: { to: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { person, instance } = useSession();
  const query = { ownerKind: 'person', ownerId: person?.personId };
  const accounts = useThing<{ items: LedgerAccount[] }>('/accounts', query, person !== null);
  const account = accounts.data?.items.find((item) => item.account.purpose === 'pending');
  const month = DateTime.now()
    .setZone(instance?.timeZone ?? 'UTC')
    .toFormat('yyyy-MM');
  const path = `/accounts/${account?.accountId}/statement`;
  const statement = useThing<AccountStatement>(path, { month, limit: 1 }, account !== undefined);
  const hasNone = accounts.data !== undefined && !account;
  return (
    <Fact<unknown> label={t('home.commissionThisMonth')} to={to} query={hasNone ? accounts : statement}>
      {() =>
        statement.data
          ? format.money(
              statement.data.closingMinor - statement.data.openingMinor,
              statement.data.account.account.currency,
            )
          : '–'
      }
    </Fact>
  );
}

/** For who runs a hub: whether the shop is open, who has not paid, whom the hub brought, and the next step. */
export function HostingCard({ enterprise: { enterpriseId, name } }: { enterprise: SessionEnterprise }) {
  const { t } = useTranslation();
  const format = useFormat();
  const own = `/hubs/${enterpriseId}/manage`;
  const shop = useThing<{ cycle: Cycle | null; nextCycle: Cycle | null }>(`/hubs/${enterpriseId}/shop`, {
    limit: 1,
  });
  const unpaid = useThing<PageOf<OrderSummary>>('/orders', {
    as: 'hub',
    enterpriseId,
    state: 'placed',
    paymentState: 'unpaid',
    limit: 200,
  });
  const referrals = useThing<PageOf<unknown>>(`/hubs/${enterpriseId}/referrals`, { limit: 200 });
  const agreed = useThing<PageOf<SupplyAgreement>>(supplyPath, {
    as: 'hub',
    enterpriseId,
    state: 'accepted',
    limit: 100,
  });
  const next = (): [to: string, text: string] => {
    if (agreed.data?.items.length === 0) return [`${own}/producers`, t('home.askProducers')];
    if (shop.data && !shop.data.cycle) return [`${own}/cycles`, t('home.openCycle')];
    if (unpaid.data && unpaid.data.items.length > 0) return [`${own}/orders`, t('home.recordPayments')];
    return [`${own}/referrals`, t('home.bringCustomers')];
  };
  const [to, text] = next();
  return (
    <HomeCard
      title={name}
      role={t('home.role.hub')}
      icon={<IconBuildingStore size={20} />}
      next={
        <Button component={Link} to={to} variant="light">
          {text}
        </Button>
      }
    >
      <Fact label={t('nav.cycles')} to={`${own}/cycles`} query={shop}>
        {({ cycle, nextCycle }) => {
          if (cycle) return t('home.openUntil', { at: format.dateTime(cycle.closesAt) });
          return nextCycle ? (
            t('home.opens', { at: format.dateTime(nextCycle.opensAt) })
          ) : (
            <span className="attention">{t('home.closed')}</span>
          );
        }}
      </Fact>
      <Fact label={t('home.unpaid')} to={`${own}/orders`} query={unpaid}>
        {(page) => <Count page={page} attention />}
      </Fact>
      <CommissionFact to={`${own}/commission`} />
      <GiftsFact payeeId={enterpriseId} />
      <Fact label={t('home.broughtCustomers')} to={`${own}/referrals`} query={referrals}>
        {(page) => <Count page={page} />}
      </Fact>
      <Fact label={t('nav.producersWeSell')} to={`${own}/producers`} query={agreed}>
        {(page) => <Count page={page} />}
      </Fact>
      <Fact label={t('nav.managers')} to={`/enterprises/${enterpriseId}/managers`}>
        {() => null}
      </Fact>
    </HomeCard>
  );
}
