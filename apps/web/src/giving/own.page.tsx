import type { GiftView } from '@foodshed/contracts';
import { Paper, Stack, Tabs } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useList } from '../api/lists.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { useTab } from '../shell/use-tab.js';
import { GivenList } from './given-list.js';
import { PromisedTable } from './promised-table.js';
import { ReceivedList } from './received-list.js';
import { ReceivedMonths } from './received-months.js';

/** What the person gave and what it did; what came to them, from how many, month by month. */
export function OwnGiftsPage() {
  const { t } = useTranslation();
  const promised = useList<GiftView>('/gifts/promised');
  const count = promised.items?.length ?? 0;
  const tab = useTab(['given', 'received', ...(count > 0 ? ['promised'] : [])]);
  return (
    <Page title={t('gift.title')} lead={t('gift.lead')}>
      <Tabs {...tab} keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="given">{t('gift.given')}</Tabs.Tab>
          <Tabs.Tab value="received">{t('gift.received')}</Tabs.Tab>
          {count > 0 && <Tabs.Tab value="promised">{t('gift.toRecord')}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="given">
          <GivenList />
        </Tabs.Panel>
        <Tabs.Panel value="received">
          <Stack>
            <ReceivedMonths />
            <ReceivedList />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="promised">
          <Paper>
            <PromisedTable gifts={promised.items ?? []} />
            <More list={promised} />
          </Paper>
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
