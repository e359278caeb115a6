import type { GiftView, ReceivedSummary } from '@foodshed/contracts';
import { Button } from '@mantine/core';
import { IconGift } from '@tabler/icons-react';
import { DateTime } from 'luxon';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { type PageOf, useThing } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { GiftsFact } from '../giving/gifts-fact.js';
import { useFormat } from '../format.js';
import { Count, Fact, HomeCard } from './home-card.js';

const isGiven = ({ state }: GiftView): boolean => state === 'given';

/** For who gives and who is given to: this month's amounts, what was answered, and what waits to be recorded. */
export function GivingCard() {
  const { t } = useTranslation();
  const format = useFormat();
  const { person, instance } = useSession();
  const given = useThing<PageOf<GiftView>>('/gifts/given', { limit: 100 });
  const promised = useThing<PageOf<GiftView>>('/gifts/promised', { limit: 100 });
  const received = useThing<PageOf<ReceivedSummary>>('/gifts/received/summary');
  const month = DateTime.now()
    .setZone(instance?.timeZone ?? 'UTC')
    .startOf('month');
  const gifts = given.data?.items.filter(isGiven) ?? [];
  const sums = new Map<string, number>();
  for (const { givenAt, promisedAt, currency, amountMinor } of gifts) {
    if (DateTime.fromISO(givenAt ?? promisedAt) < month) continue;
    sums.set(currency, (sums.get(currency) ?? 0) + amountMinor);
  }
  const isReceiver = received.data?.items.some(({ payee }) => payee.id === person?.personId);
  return (
    <HomeCard
      title={t('nav.gifts')}
      role={t('home.role.giver')}
      icon={<IconGift size={20} />}
      next={
        <Button component={Link} to={gifts.length > 0 ? '/gifts' : '/shops'} variant="light">
          {t(gifts.length > 0 ? 'home.toGifts' : 'home.firstGift')}
        </Button>
      }
    >
      <Fact label={t('home.givenThisMonth')} to="/gifts" query={given}>
        {() => [...sums].map(([currency, minor]) => format.money(minor, currency)).join(' · ') || '–'}
      </Fact>
      <Fact label={t('home.giftsAnswered')} to="/gifts" query={given}>
        {() => format.number(gifts.filter(({ answer }) => answer !== null).length)}
      </Fact>
      {isReceiver && <GiftsFact payeeId={person!.personId} />}
      {promised.data && promised.data.items.length > 0 && (
        <Fact label={t('gift.toRecord')} to="/gifts?tab=promised" query={promised}>
          {(page) => <Count page={page} attention />}
        </Fact>
      )}
    </HomeCard>
  );
}
