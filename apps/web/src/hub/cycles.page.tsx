import type { Cycle } from '@foodshed/contracts';
import { Anchor, Badge, Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { ListTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { CycleForm } from './cycle-form.js';

const color = { scheduled: 'blue', open: 'leaf', closed: 'gray' } as const;

/** A hub's order cycles, and a new one. */
export function CyclesPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const format = useFormat();
  const [creating, { toggle, close }] = useDisclosure();
  const list = useList<Cycle>(`/hubs/${hubId}/cycles`);
  return (
    <Page
      title={t('cycles.title')}
      lead={t('cycles.lead')}
      actions={
        <>
          <Button variant="default" component={Link} to={`/hubs/${hubId}`}>
            {t('cycles.toShop')}
          </Button>
          <Button onClick={toggle}>{t('cycles.new')}</Button>
        </>
      }
    >
      {creating && <CycleForm hubId={hubId!} close={close} />}
      <ListTable
        list={list}
        none={t('cycles.none')}
        noneNext={t('cycles.noneNext')}
        keyOf={(cycle) => cycle.cycleId}
        columns={[
          {
            title: t('cycles.name'),
            cell: (cycle) =>
              cycle.state === 'open' ? (
                <Anchor component={Link} to={`/hubs/${hubId}`}>
                  {cycle.name}
                </Anchor>
              ) : (
                cycle.name
              ),
          },
          {
            title: t('order.state'),
            cell: ({ state }) => (
              <Badge variant="dot" color={color[state]}>
                {t(`cycleState.${state}`)}
              </Badge>
            ),
          },
          { title: t('cycles.opensAt'), cell: (cycle) => format.dateTime(cycle.opensAt) },
          { title: t('cycles.closesAt'), cell: (cycle) => format.dateTime(cycle.closesAt) },
          {
            title: t('cycles.variants'),
            isAmount: true,
            cell: (cycle) => format.number(cycle.variantCount),
          },
        ]}
      />
    </Page>
  );
}
