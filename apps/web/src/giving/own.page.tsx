import type { GiftView } from '@foodshed/contracts';
import { Paper, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { More } from '../shell/more.js';
import { PageTabs } from '../shell/page-tabs.js';
import { Page } from '../shell/page.js';
import { GivenList } from './given-list.js';
import { PromisedTable } from './promised-table.js';
import { ReceivedList } from './received-list.js';
import { ReceivedMonths } from './received-months.js';

/** What the person gave and what it did; what came to them, from how many, month by month. */
export function OwnGiftsPage() {
  const { t } = useTranslation();
  const promised = useList<GiftView>('/gifts/promised');
  const count = promised.items?.length ?? 0;
  return (
    <Page title={t('gift.title')} lead={t('gift.lead')}>
      <PageTabs
        tabs={[
          { value: 'given', title: t('gift.given'), content: <GivenList /> },
          {
            value: 'received',
            title: t('gift.received'),
            content: (
              <Stack>
                <ReceivedMonths />
                <ReceivedList />
              </Stack>
            ),
          },
          ...(count > 0
            ? [
                {
                  value: 'promised',
                  title: t('gift.toRecord'),
                  content: (
                    <Paper>
                      <PromisedTable gifts={promised.items ?? []} />
                      <More list={promised} />
                    </Paper>
                  ),
                },
              ]
            : []),
        ]}
      />
    </Page>
  );
}
