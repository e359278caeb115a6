import type { Product } from '@foodshed/contracts';
import { Badge, Button, Paper, Stack, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { ProductImportForm } from './product-import.js';

/** A producer's catalogue: one price and one stock for every hub that sells it. */
export function ProductsPage() {
  const { t } = useTranslation();
  const { producerId } = useParams();
  const format = useFormat();
  const [importing, { toggle, close }] = useDisclosure();
  const list = useList<Product>(`/producers/${producerId}/products`, { limit: 100 });
  return (
    <Page
      title={t('products.title')}
      lead={t('products.lead')}
      actions={<Button onClick={toggle}>{t('products.import')}</Button>}
    >
      {importing && <ProductImportForm producerId={producerId!} close={close} />}
      <Loaded query={list}>
        {() =>
          list.items!.length === 0 ? (
            <Nothing title={t('products.none')}>{t('products.noneNext')}</Nothing>
          ) : (
            <Paper>
              <Table.ScrollContainer minWidth={520}>
                <Table>
                  <Table.Thead>
                    <Table.Tr>
                      <Table.Th>{t('order.product')}</Table.Th>
                      <Table.Th>{t('products.unit')}</Table.Th>
                      <Table.Th className="amount">{t('order.unitPrice')}</Table.Th>
                      <Table.Th className="amount">{t('products.stock')}</Table.Th>
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {list.items!.flatMap((product) =>
                      product.variants
                        .filter((variant) => !variant.archived)
                        .map((variant) => (
                          <Table.Tr key={variant.variantId}>
                            <Table.Td>
                              {product.name}
                              {product.category && (
                                <Text span size="sm" c="dimmed">
                                  {' '}
                                  {product.category}
                                </Text>
                              )}
                            </Table.Td>
                            <Table.Td>{variant.unitLabel}</Table.Td>
                            <Table.Td className="amount">
                              {format.money(variant.unitPriceMinor, product.currency)}
                            </Table.Td>
                            <Table.Td className="amount">
                              {variant.onDemand ? (
                                <Badge variant="dot">{t('products.onDemand')}</Badge>
                              ) : (
                                format.number(variant.stock)
                              )}
                            </Table.Td>
                          </Table.Tr>
                        )),
                    )}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <Stack mt="sm">
                <More list={list} />
              </Stack>
            </Paper>
          )
        }
      </Loaded>
    </Page>
  );
}
