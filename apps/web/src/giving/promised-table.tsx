import type { GiftView } from '@foodshed/contracts';
import { Button, Stack } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Problem } from '../shell/states.js';
import { referenceOf } from './reference.js';

function Came({ gift }: { gift: GiftView }) {
  const { t } = useTranslation();
  const format = useFormat();
  const client = useQueryClient();
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const receivedMinor = gift.amountMinor + gift.platformPartMinor;
  const record = useMutation({
    mutationFn: () =>
      api(`/gifts/${gift.giftId}/receipt`, {
        method: 'POST',
        idempotencyKey,
        body: { receivedMinor, holder: gift.source === 'cash' ? 'hub-till' : 'instance-bank' },
      }),
    onSuccess: () => client.invalidateQueries(),
  });
  return (
    <Stack gap="xs" align="flex-end">
      <Button
        size="compact-sm"
        loading={record.isPending}
        aria-label={t('pledge.receiveNamed', { amount: format.money(receivedMinor, gift.currency) })}
        onClick={() => record.mutate()}
      >
        {t('pledge.receive')}
      </Button>
      {record.isError && <Problem error={record.error} />}
    </Stack>
  );
}

/** Promises of cash in the person's hubs, and for stewards of transfers: who has the money says that it came. */
export function PromisedTable({ gifts }: { gifts: readonly GiftView[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      rows={gifts}
      keyOf={(gift) => gift.giftId}
      columns={[
        { title: t('gift.giver'), cell: ({ giver }) => giver.name ?? t('gift.somebody') },
        { title: t('gift.receiver'), cell: ({ receiverName }) => receiverName ?? t('give.aPerson') },
        { title: t('gift.referenceShort'), cell: ({ giftId }) => referenceOf(giftId) },
        {
          title: t('give.amount'),
          isAmount: true,
          cell: (gift) => format.money(gift.amountMinor + gift.platformPartMinor, gift.currency),
        },
        { title: t('pledge.actions'), isAmount: true, cell: (gift) => <Came gift={gift} /> },
      ]}
    />
  );
}
