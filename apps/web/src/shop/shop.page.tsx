import type { Cycle, Enterprise, ShopItem } from '@foodshed/contracts';
import {
  Alert,
  Anchor,
  Button,
  Group,
  NativeSelect,
  Paper,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '../api/client.js';
import { type PageOf, useEnterpriseNames, useThing } from '../api/lists.js';
import { useFormat } from '../format.js';
import { CardGrid } from '../shell/card-grid.js';
import { More } from '../shell/more.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing } from '../shell/states.js';
import { setQuantity, useCart } from './cart.js';
import { QuantityInput } from './quantity-input.js';

/** More than a window holds, and few enough to be drawn at once on a phone. */
const FIRST_ITEMS = 24;
const LATER_ITEMS = 100;

interface ShopPageData extends PageOf<ShopItem> {
  cycle: Cycle | null;
  nextCycle: Cycle | null;
}

interface Filters {
  producers: { producerId: string; variantCount: number }[];
  categories: { category: string; variantCount: number }[];
}

function Item(props: { item: ShopItem; cycle: Cycle; hubName: string; producerName: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cart = useCart();
  const { item, cycle, hubName, producerName } = props;
  const { name } = item;
  const quantity =
    cart.cycleId === cycle.cycleId
      ? (cart.lines.find((line) => line.variantId === item.variantId)?.quantity ?? 0)
      : 0;
  const shop = { hubId: cycle.hubId, hubName, cycleId: cycle.cycleId, currency: cycle.currency };
  const soldOut = item.availableQuantity === 0;
  return (
    <Paper p="sm" h="100%">
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div>
          <Text fw={600}>{name}</Text>
          <Text size="sm" c="dimmed">
            {item.unitLabel} · {producerName}
          </Text>
          {item.availableQuantity !== null && item.availableQuantity > 0 && item.availableQuantity <= 10 && (
            <Text size="xs" className="attention">
              {t('shop.left', { count: item.availableQuantity })}
            </Text>
          )}
        </div>
        <Stack gap={4} align="flex-end">
          <Text fw={650} className="amount">
            {format.money(item.unitPriceMinor, cycle.currency)}
          </Text>
          {soldOut && quantity === 0 ? (
            <Text size="sm" c="dimmed">
              {t('shop.soldOut')}
            </Text>
          ) : (
            <QuantityInput
              name={name}
              value={quantity}
              max={item.availableQuantity}
              onChange={(next) =>
                setQuantity(shop, {
                  variantId: item.variantId,
                  name,
                  unit: item.unitLabel,
                  producerName,
                  quantity: next,
                  unitPriceMinor: item.unitPriceMinor,
                })
              }
            />
          )}
        </Stack>
      </Group>
    </Paper>
  );
}

function CycleFacts({ cycle }: { cycle: Cycle }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Text>
      {t('shop.orderUntil', { until: format.dateTime(cycle.closesAt) })}{' '}
      {t(`shop.${cycle.handover.kind}`, { place: cycle.handover.place, times: cycle.handover.times })}
    </Text>
  );
}

/** The hub and its producers, for who would give them more than a price. */
function Behind({ people }: { people: { id: string; name: string }[] }) {
  const { t } = useTranslation();
  return (
    <section>
      <Title order={2} size="h4">
        {t('give.behind')}
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        {t('give.behindLead')}
      </Text>
      <Group component="ul" gap="sm" p={0} m={0} style={{ listStyle: 'none' }}>
        {people
          .filter(({ name }) => name)
          .map(({ id, name }) => (
            <li key={id}>
              <Anchor
                component={Link}
                to={`/give/enterprise/${id}`}
                size="sm"
                aria-label={t('give.link', { name })}
              >
                {name}
              </Anchor>
            </li>
          ))}
      </Group>
    </section>
  );
}

/** A hub's open order cycle: what it sells, for whom to search, and how many are wanted. */
export function ShopPage() {
  const { t } = useTranslation();
  const { hubId } = useParams();
  const format = useFormat();
  const cart = useCart();
  const [search, setSearch] = useState('');
  const [producerId, setProducerId] = useState('');
  const [category, setCategory] = useState('');
  const [searched] = useDebouncedValue(search, 250);
  const hub = useThing<Enterprise>(`/enterprises/${hubId}`);
  const query = { search: searched, producerId, category };
  const shop = useInfiniteQuery({
    queryKey: ['shop', hubId, query],
    initialPageParam: undefined as string | undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ pageParam: cursor }) => {
      const limit = cursor ? LATER_ITEMS : FIRST_ITEMS;
      return api<ShopPageData>(`/hubs/${hubId}/shop`, { query: { ...query, limit, cursor } });
    },
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const cycle = shop.data?.pages[0]?.cycle ?? null;
  const items = shop.data?.pages.flatMap((page) => page.items) ?? [];
  const filters = useThing<Filters>(`/cycles/${cycle?.cycleId}/filters`, {}, cycle !== null);
  const names = useEnterpriseNames(filters.data?.producers.map((producer) => producer.producerId) ?? []);
  return (
    <Page title={hub.data?.name ?? ''} lead={hub.data?.description}>
      <Loaded query={shop}>
        {({ pages }) => {
          if (!cycle) {
            const next = pages[0]?.nextCycle;
            return (
              <Nothing title={t('shop.closed')}>
                {next ? t('shop.opensNext', { at: format.dateTime(next.opensAt) }) : t('shop.opensLater')}
              </Nothing>
            );
          }
          return (
            <Stack>
              <CycleFacts cycle={cycle} />
              {cart.lines.length > 0 && cart.cycleId !== cycle.cycleId && (
                <Alert color="orange">{t('shop.otherBasket', { hub: cart.hubName })}</Alert>
              )}
              <Group align="flex-end">
                <TextInput
                  label={t('shop.search')}
                  type="search"
                  value={search}
                  onChange={(event) => setSearch(event.currentTarget.value)}
                />
                <NativeSelect
                  label={t('shop.producer')}
                  value={producerId}
                  onChange={(event) => setProducerId(event.currentTarget.value)}
                  data={[
                    { value: '', label: t('shop.all') },
                    ...(filters.data?.producers ?? []).map((producer) => ({
                      value: producer.producerId,
                      label: names.get(producer.producerId) ?? '…',
                    })),
                  ]}
                />
                <NativeSelect
                  label={t('shop.category')}
                  value={category}
                  onChange={(event) => setCategory(event.currentTarget.value)}
                  data={[
                    { value: '', label: t('shop.all') },
                    ...(filters.data?.categories ?? [])
                      .filter((entry) => entry.category)
                      .map((entry) => ({ value: entry.category, label: entry.category })),
                  ]}
                />
              </Group>
              <Title order={2} size="h4" visibleFrom="sm">
                {t('shop.products')}
              </Title>
              {items.length === 0 ? (
                <Nothing title={t('shop.nothingFound')}>{t('shop.nothingFoundNext')}</Nothing>
              ) : (
                <CardGrid items={items} keyOf={(item) => item.variantId} cardHeight={104}>
                  {(item) => (
                    <Item
                      item={item}
                      cycle={cycle}
                      hubName={hub.data?.name ?? ''}
                      producerName={names.get(item.producerId) ?? ''}
                    />
                  )}
                </CardGrid>
              )}
              <More list={shop} />
              <Behind
                people={[
                  { id: hubId!, name: hub.data?.name ?? '' },
                  ...(filters.data?.producers ?? []).map(({ producerId: id }) => ({
                    id,
                    name: names.get(id) ?? '',
                  })),
                ]}
              />
              {cart.cycleId === cycle.cycleId && cart.lines.length > 0 && (
                <Group justify="flex-end" style={{ position: 'sticky', bottom: 12 }}>
                  <Button component={Link} to="/checkout" size="md">
                    {t('shop.toCheckout')}
                  </Button>
                </Group>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </Page>
  );
}
