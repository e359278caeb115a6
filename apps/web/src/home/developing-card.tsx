import type { Earning, PitchView, PledgeView } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconBulb } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Count, Fact, HomeCard } from './home-card.js';

/** For who pitches, builds or funds what the network needs; with nothing of theirs yet, the way in. */
export function DevelopingCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const pitches = useThing<PageOf<PitchView>>('/pitches', { own: 'true', limit: 100 });
  const pledges = useThing<PageOf<PledgeView>>('/pledges', { limit: 100 });
  const earnings = useThing<PageOf<Earning>>('/developing/earnings', { limit: 200 });
  const open = useThing<PageOf<PitchView>>('/pitches', { stage: 'open', limit: 100 });
  const sums = new Map<string, number>();
  for (const { currency, amountMinor } of earnings.data?.items ?? []) {
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  }
  return (
    <HomeCard
      title={t('home.developing')}
      role={t('home.role.developer')}
      icon={<IconBulb size={20} />}
      next={
        <Button component={Link} to="/pitches" variant="light">
          {t('home.toBoard')}
        </Button>
      }
    >
      <Fact label={t('home.openPitches')} to="/pitches" query={open}>
        {(page) => <Count page={page} />}
      </Fact>
      <Fact label={t('home.ownPitches')} to="/developing" query={pitches}>
        {(page) => <Count page={page} />}
      </Fact>
      <Fact label={t('home.ownPledges')} to="/developing" query={pledges}>
        {(page) => <Count page={page} />}
      </Fact>
      <Fact label={t('home.paidForBuilding')} to="/developing" query={earnings}>
        {() => [...sums].map(([currency, minor]) => format.money(minor, currency)).join(' · ') || '–'}
      </Fact>
    </HomeCard>
  );
}
