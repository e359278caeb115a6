import type { Product } from '@foodshed/contracts';
import { Badge, Button, Paper, Text, TextInput } from '@mantine/core';
import { useDebouncedValue, useDisclosure } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useParams } from 'react-router';
import { useList } from '../api/lists.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
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
  const [search, setSearch] = useState('');
  const [searched] = useDebouncedValue(search, 250);
  const list = useList<Product>(`/producers/${producerId}/products`, { limit: 200, search: searched });
  const offered = (list.items ?? []).flatMap((product) =>
    product.variants.filter(({ archived }) => !archived).map((variant) => ({ product, variant })),
  );
  return (
    <Page
      title={t('products.title')}
      lead={t('products.lead')}
      actions={<Button onClick={toggle}>{t('products.import')}</Button>}
    >
      {importing && <ProductImportForm producerId={producerId!} close={close} />}
      <Loaded query={list}>
        {() =>
          offered.length === 0 && !searched ? (
            <Nothing title={t('products.none')}>{t('products.noneNext')}</Nothing>
          ) : (
            <Paper>
              <TextInput
                type="search"
                label={t('shop.search')}
                maw={360}
                mb="sm"
                value={search}
                onChange={(event) => setSearch(event.currentTarget.value)}
              />
              {offered.length === 0 && <Nothing title={t('shop.nothingFound')} />}
              <DataTable
                rows={offered}
                keyOf={({ variant }) => variant.variantId}
                columns={[
                  {
                    title: t('order.product'),
                    cell: ({ product }) => (
                      <>
                        {product.name}{' '}
                        <Text span size="sm" c="dimmed">
                          {product.category}
                        </Text>
                      </>
                    ),
                  },
                  { title: t('products.unit'), cell: ({ variant }) => variant.unitLabel },
                  {
                    title: t('order.unitPrice'),
                    isAmount: true,
                    cell: ({ product, variant }) => format.money(variant.unitPriceMinor, product.currency),
                  },
                  {
                    title: t('products.stock'),
                    isAmount: true,
                    cell: ({ variant }) =>
                      variant.onDemand ? (
                        <Badge variant="dot">{t('products.onDemand')}</Badge>
                      ) : (
                        format.number(variant.stock)
                      ),
                  },
                ]}
              />
              <More list={list} />
            </Paper>
          )
        }
      </Loaded>
    </Page>
  );
}
