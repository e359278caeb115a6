import type { OrderSummary } from '@foodshed/contracts';
import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useEnterpriseNames, useList } from '../api/lists.js';
import { useSession } from '../api/session.js';
import { Page } from '../shell/page.js';
import { OrdersTable } from './orders-table.js';

/** What the person, or an enterprise they buy for, has ordered. */
export function OrdersPage() {
  const { t } = useTranslation();
  const { enterprises } = useSession();
  const [buyer, setBuyer] = useState('');
  const list = useList<OrderSummary>('/orders', { as: 'buyer', enterpriseId: buyer });
  const hubs = useEnterpriseNames(list.items?.map((order) => order.hubId) ?? []);
  return (
    <Page title={t('orders.title')} lead={t('orders.lead')}>
      {enterprises.length > 0 && (
        <SegmentedControl
          aria-label={t('orders.boughtFor')}
          value={buyer}
          onChange={setBuyer}
          data={[
            { value: '', label: t('orders.forMyself') },
            ...enterprises.map(({ enterpriseId, name }) => ({ value: enterpriseId, label: name })),
          ]}
        />
      )}
      <OrdersTable
        list={list}
        none={t('orders.none')}
        noneNext={t('orders.noneNext')}
        whoTitle={t('order.hub')}
        who={(order) => hubs.get(order.hubId) ?? ''}
      />
    </Page>
  );
}
