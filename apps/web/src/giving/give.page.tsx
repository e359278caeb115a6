import type { Enterprise, GiftView, PitchView, ReceiverRef } from '@foodshed/contracts';
import { Alert, Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { NotFoundPage } from '../shell/not-found.page.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';
import { GiftForm } from './gift-form.js';
import { referenceOf } from './reference.js';

/** What became of it, and what is still to do where the money has to come first. */
function Thanks({ gift, name, again }: { gift: GiftView; name: string; again: () => void }) {
  const { t } = useTranslation();
  const format = useFormat();
  const total = format.money(gift.amountMinor + gift.platformPartMinor, gift.currency);
  const told = { name, amount: format.money(gift.amountMinor, gift.currency), total };
  return (
    <Alert color="green" title={t(gift.state === 'promised' ? 'give.promised' : 'give.given', told)}>
      <Stack gap="xs" align="flex-start">
        {gift.state === 'promised' && (
          <Text size="sm">
            {t(gift.source === 'cash' ? 'give.handOver' : 'give.transfer', {
              total,
              reference: referenceOf(gift.giftId),
            })}
          </Text>
        )}
        {gift.state === 'posting' && <Text size="sm">{t('give.posting')}</Text>}
        <Group>
          <Anchor component={Link} to="/gifts" size="sm">
            {t('give.seeOwn')}
          </Anchor>
          <Button size="compact-sm" variant="default" onClick={again}>
            {t('give.again')}
          </Button>
        </Group>
      </Stack>
    </Alert>
  );
}

function Giving({ receiver, name }: { receiver: ReceiverRef; name: string }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [gift, setGift] = useState<GiftView | null>(null);
  const done = (made: GiftView): void => {
    setGift(made);
    void client.invalidateQueries();
  };
  return (
    <Page title={t('give.title', { name })} lead={t('give.lead')} size="sm">
      {gift ? (
        <Thanks gift={gift} name={name} again={() => setGift(null)} />
      ) : (
        <GiftForm receiver={receiver} done={done} />
      )}
    </Page>
  );
}

/** The form for a gift to one producer or hub, one pitch's team, or one person. */
export function GivePage() {
  const { t } = useTranslation();
  const { kind, id = '' } = useParams();
  const enterprise = useThing<Enterprise>(`/enterprises/${id}`, {}, kind === 'enterprise');
  const pitch = useThing<PitchView>(`/pitches/${id}`, {}, kind === 'pitch');
  if (kind === 'enterprise')
    return <Loaded query={enterprise}>{({ name }) => <Giving receiver={{ kind, id }} name={name} />}</Loaded>;
  if (kind === 'pitch')
    return <Loaded query={pitch}>{({ title }) => <Giving receiver={{ kind, id }} name={title} />}</Loaded>;
  if (kind === 'person') return <Giving receiver={{ kind, id }} name={t('give.aPerson')} />;
  return <NotFoundPage />;
}
