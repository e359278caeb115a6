import type { ComposedQuote, IntendedPayment, PlacedOrder } from '@foodshed/contracts';
import {
  Alert,
  Button,
  Group,
  NativeSelect,
  Paper,
  SegmentedControl,
  SimpleGrid,
  Stack,
  Table,
  Text,
  Title,
} from '@mantine/core';
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { api, ApiError } from '../api/client.js';
import { useSession } from '../api/session.js';
import { useFormat } from '../format.js';
import { DataTable } from '../shell/data-table.js';
import { Page } from '../shell/page.js';
import { Loaded, Nothing, Problem } from '../shell/states.js';
import { Beneficiaries } from './beneficiaries.js';
import { type Cart, emptyCart, setQuantity, useCart } from './cart.js';
import { orderLines } from './order-lines.js';
import { QuantityInput } from './quantity-input.js';

function CartLines({ cart }: { cart: Cart }) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <DataTable
      rows={cart.lines}
      minWidth={440}
      keyOf={(line) => line.variantId}
      columns={[
        {
          title: t('order.product'),
          cell: (line) => (
            <>
              {line.name}
              <Text size="sm" c="dimmed">
                {line.unit} · {line.producerName} · {format.money(line.unitPriceMinor, cart.currency)}
              </Text>
            </>
          ),
        },
        {
          title: t('order.quantity'),
          width: 150,
          cell: (line) => (
            <QuantityInput
              name={line.name}
              value={line.quantity}
              onChange={(quantity) => setQuantity(cart, { ...line, quantity })}
            />
          ),
        },
        {
          title: t('order.amount'),
          isAmount: true,
          cell: (line) => format.money(line.unitPriceMinor * line.quantity, cart.currency),
        },
      ]}
    />
  );
}

function QuoteTotals({ composed }: { composed: ComposedQuote }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { quote } = composed;
  const rows = [
    [t('order.goods'), quote.goodsMinor],
    [t('order.hubFee'), quote.hubFeeMinor],
  ] as const;
  return (
    <Table withRowBorders={false} verticalSpacing={4}>
      <Table.Tbody>
        {rows.map(([name, minor]) => (
          <Table.Tr key={name}>
            <Table.Th fw={400}>{name}</Table.Th>
            <Table.Td className="amount">{format.money(minor, quote.currency)}</Table.Td>
          </Table.Tr>
        ))}
        {quote.vat
          .filter((vat) => vat.vatMinor > 0)
          .map((vat) => (
            <Table.Tr key={vat.vatRateBps}>
              <Table.Th fw={400}>
                <Text size="sm" c="dimmed">
                  {t('order.vatIncluded', { rate: format.percent(vat.vatRateBps) })}
                </Text>
              </Table.Th>
              <Table.Td className="amount">
                <Text size="sm" c="dimmed">
                  {format.money(vat.vatMinor, quote.currency)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        <Table.Tr>
          <Table.Th>{t('order.total')}</Table.Th>
          <Table.Td className="amount" fw={700} data-testid="quote-total">
            {format.money(quote.totalMinor, quote.currency)}
          </Table.Td>
        </Table.Tr>
      </Table.Tbody>
    </Table>
  );
}

/** Before anything is paid: what it costs, and who gets what of it. */
export function CheckoutPage() {
  const { t } = useTranslation();
  const cart = useCart();
  const session = useSession();
  const navigate = useNavigate();
  const [paymentMethod, setPaymentMethod] = useState<IntendedPayment>('bank-transfer');
  const [enterpriseId, setEnterpriseId] = useState('');
  const buyer = enterpriseId ? { kind: 'enterprise' as const, id: enterpriseId } : undefined;
  const lines = cart.lines.map(({ variantId, quantity }) => ({ variantId, quantity }));
  const quote = useQuery({
    queryKey: ['quote', cart.cycleId, lines, enterpriseId, paymentMethod, session.person?.personId],
    enabled: lines.length > 0,
    placeholderData: keepPreviousData,
    queryFn: () =>
      api<ComposedQuote>('/orders/quotes', {
        method: 'POST',
        body: { cycleId: cart.cycleId, buyer, paymentMethod, lines },
      }),
  });
  const ordered = orderLines(lines, quote.data?.quote.lines ?? []);
  const place = useMutation({
    mutationFn: () =>
      api<PlacedOrder>('/orders', {
        method: 'POST',
        idempotencyKey: cart.idempotencyKey,
        body: {
          cycleId: cart.cycleId,
          buyer,
          paymentMethod,
          lines: ordered,
        },
      }),
    onSuccess: async (placed) => {
      await navigate(`/orders/${placed.orderId}?placed`);
      emptyCart();
    },
    onError: (error) => {
      if (!(error instanceof ApiError)) return;
      if (error.code === 'price-changed') void quote.refetch();
      // The answer to an earlier press was lost: that order is placed, and this must not become a second one.
      if (error.code === 'idempotency-key-reused') {
        emptyCart();
        void navigate('/orders');
      }
    },
  });
  if (cart.lines.length === 0) {
    return (
      <Page title={t('checkout.title')}>
        <Nothing title={t('checkout.empty')}>{t('checkout.emptyNext')}</Nothing>
      </Page>
    );
  }
  return (
    <Page title={t('checkout.title')} lead={t('checkout.lead', { hub: cart.hubName })}>
      <Paper>
        <CartLines cart={cart} />
      </Paper>
      <Loaded query={quote}>
        {(composed) => (
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Paper>
              <Title order={2} size="h4" mb="xs">
                {t('checkout.whoGetsWhat')}
              </Title>
              {composed.split ? (
                <Beneficiaries
                  standing={composed.split.standing}
                  hubFeeMinor={composed.quote.hubFeeMinor}
                  hubName={cart.hubName}
                  currency={cart.currency}
                />
              ) : (
                <Text c="dimmed">{t(`checkout.splitMissing.${composed.splitMissing ?? 'unavailable'}`)}</Text>
              )}
            </Paper>
            <Paper>
              <Stack>
                <QuoteTotals composed={composed} />
                {session.enterprises.length > 0 && (
                  <NativeSelect
                    label={t('orders.boughtFor')}
                    value={enterpriseId}
                    onChange={(event) => setEnterpriseId(event.currentTarget.value)}
                    data={[
                      { value: '', label: t('orders.forMyself') },
                      ...session.enterprises.map((own) => ({ value: own.enterpriseId, label: own.name })),
                    ]}
                  />
                )}
                <div>
                  <Text size="sm" fw={500} id="payment-method">
                    {t('checkout.payBy')}
                  </Text>
                  <SegmentedControl
                    aria-labelledby="payment-method"
                    fullWidth
                    value={paymentMethod}
                    onChange={(value) => setPaymentMethod(value as IntendedPayment)}
                    data={[
                      { value: 'bank-transfer', label: t('payment.bankTransfer') },
                      { value: 'cash', label: t('payment.cash') },
                    ]}
                  />
                </div>
                {!composed.quote.orderable && <Alert color="orange">{t('checkout.notOrderable')}</Alert>}
                {place.isError && <Problem error={place.error} />}
                <Group justify="flex-end">
                  {session.person ? (
                    <Button
                      size="md"
                      loading={place.isPending}
                      disabled={!composed.quote.orderable || !ordered}
                      onClick={() => place.mutate()}
                    >
                      {t('checkout.place')}
                    </Button>
                  ) : (
                    <Button size="md" component={Link} to="/sign-in?to=/checkout">
                      {t('checkout.signInToOrder')}
                    </Button>
                  )}
                </Group>
              </Stack>
            </Paper>
          </SimpleGrid>
        )}
      </Loaded>
    </Page>
  );
}
