import type { Cycle } from '@foodshed/contracts';
import { Anchor, Badge, Button, Paper, Table } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
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
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t('cycles.none')}>{t('cycles.noneNext')}</Nothing>
          ) : (
            <Paper>
              <Table.ScrollContainer minWidth={560}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('cycles.name')}</Table.Th>
                      <Table.Th>{t('order.state')}</Table.Th>
                      <Table.Th>{t('cycles.opensAt')}</Table.Th>
                      <Table.Th>{t('cycles.closesAt')}</Table.Th>
                      <Table.Th className="amount">{t('cycles.variants')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {list.items!.map((cycle) => (
                      <Table.Tr key={cycle.cycleId}>
                        <Table.Td>
                          {cycle.state === 'open' ? (
                            <Anchor component={Link} to={`/hubs/${hubId}`}>
                              {cycle.name}
                            </Anchor>
                          ) : (
                            cycle.name
                          )}
                        </Table.Td>
                        <Table.Td>
                          <Badge variant="dot" color={color[cycle.state]}>
                            {t(`cycleState.${cycle.state}`)}
                          </Badge>
                        </Table.Td>
                        <Table.Td>{format.dateTime(cycle.opensAt)}</Table.Td>
                        <Table.Td>{format.dateTime(cycle.closesAt)}</Table.Td>
                        <Table.Td className="amount">{format.number(cycle.variantCount)}</Table.Td>
                      </Table.Tr>
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <More list={list} />
            </Paper>
          )
        }
      </Loaded>
    </Page>
  );
}
