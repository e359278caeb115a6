import type { DashboardView } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconChartBar } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { Count, Fact, HomeCard } from './home-card.js';

/** For who keeps a network running and honest: how it goes, and what needs somebody's attention. */
export function StewardingCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const { instance, roles } = useSession();
  const dashboard = useThing<DashboardView>('/dashboard');
  const refusals = useThing<PageOf<unknown>>('/ledger/refusals', { limit: 100 });
  return (
    <HomeCard
      title={instance?.name ?? t('nav.dashboard')}
      role={roles.map((role) => t(`role.${role}`)).join(', ')}
      icon={<IconChartBar size={20} />}
      next={
        <Button component={Link} to="/dashboard" variant="light">
          {t('home.toDashboard')}
        </Button>
      }
    >
      <Fact label={t('home.goodsSold')} to="/dashboard" query={dashboard}>
        {({ totals, currency }) => format.money(totals.grossMinor, currency)}
      </Fact>
      <Fact label={t('dashboard.take')} to="/dashboard" query={dashboard}>
        {({ totals }) => (totals.effectiveTakeBps === null ? '–' : format.percent(totals.effectiveTakeBps))}
      </Fact>
      <Fact label={t('home.withoutSplit')} to="/dashboard" query={dashboard}>
        {({ lag }) => (
          <span className={lag.salesWithoutSplit > 0 ? 'attention' : undefined}>
            {format.number(lag.salesWithoutSplit)}
          </span>
        )}
      </Fact>
      <Fact label={t('home.refusals')} to="/administration" query={refusals}>
        {(page) => <Count page={page} attention />}
      </Fact>
      <Fact label={t('nav.networkModel')} to="/network-model">
        {() => null}
      </Fact>
      <Fact label={t('nav.people')} to="/people">
        {() => null}
      </Fact>
    </HomeCard>
  );
}
