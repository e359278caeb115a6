import type { DevelopingStatement } from '@foodshed/contracts';
import { Anchor, Paper, Table, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useList, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { Figures } from '../shell/figures.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded } from '../shell/states.js';

const path = '/developing/statement';

/** The developing function's own book, for stewards: into escrow, out to teams, back to funders. */
export function DevelopingStatementPage() {
  const { t } = useTranslation();
  const format = useFormat();
  const sums = useThing<DevelopingStatement>(path, { limit: 1 });
  const list = useList<DevelopingStatement['items'][number]>(path);
  return (
    <Page title={t('developing.statement')} lead={t('developing.statementLead')}>
      <Loaded query={sums}>
        {({ currency, ...book }) => (
          <>
            <Figures
              items={[
                { label: t('developing.inEscrow'), value: format.money(book.closingMinor, currency) },
                { label: t('developing.held'), value: format.money(book.heldMinor, currency) },
                { label: t('developing.paid'), value: format.money(book.paidMinor, currency) },
                { label: t('developing.returned'), value: format.money(book.returnedMinor, currency) },
              ]}
            />
            <Paper>
              <Loaded query={list}>
                {() =>
                  list.items!.length === 0 ? (
                    <Text c="dimmed">{t('developing.nothingMoved')}</Text>
                  ) : (
                    <Table.ScrollContainer minWidth={560}>
                      <Table>
                        <Table.Thead>
                          <Table.Tr>
                            <Table.Th>{t('statement.when')}</Table.Th>
                            <Table.Th>{t('pledge.pitch')}</Table.Th>
                            <Table.Th>{t('statement.what')}</Table.Th>
                            <Table.Th className="amount">{t('statement.amount')}</Table.Th>
                            <Table.Th className="amount">{t('developing.inEscrow')}</Table.Th>
                          </Table.Tr>
                        </Table.Thead>
                        <Table.Tbody>
                          {list.items!.map((item) => (
                            <Table.Tr key={item.movementId}>
                              <Table.Td>{format.dateTime(item.movedAt)}</Table.Td>
                              <Table.Td>
                                <Anchor component={Link} to={`/pitches/${item.pitchId}`} size="sm">
                                  {item.pitchTitle}
                                </Anchor>
                              </Table.Td>
                              <Table.Td>{t(`movement.${item.kind}`)}</Table.Td>
                              <Table.Td className="amount">
                                {format.money(item.changeMinor, currency)}
                              </Table.Td>
                              <Table.Td className="amount">
                                {format.money(item.standingMinor, currency)}
                              </Table.Td>
                            </Table.Tr>
                          ))}
                        </Table.Tbody>
                      </Table>
                    </Table.ScrollContainer>
                  )
                }
              </Loaded>
              <More list={list} />
            </Paper>
          </>
        )}
      </Loaded>
    </Page>
  );
}
