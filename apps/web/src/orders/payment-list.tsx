import type { IntendedPayment, OrderSummary, PaymentOutcome } from '@foodshed/contracts';
import { Alert, Button, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useFormat } from '../format.js';
import { Problem } from '../shell/states.js';

/** One request takes this many payments. */
export const MAX_PAYMENTS = 100;

/** Writes down what came in together, such as a day's bank statement: the whole outstanding amount of each chosen order. */
export function PaymentList({
  hubId,
  orders,
  done,
}: {
  hubId: string;
  orders: OrderSummary[];
  done: () => Promise<void>;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [method, setMethod] = useState<IntendedPayment>('bank-transfer');
  const record = useMutation({
    // One key for one choice: pressing twice, or again after a lost answer, records each payment once.
    mutationFn: ({ idempotencyKey }: { idempotencyKey: string }) =>
      api<{ outcomes: PaymentOutcome[] }>(`/hubs/${hubId}/payments`, {
        method: 'POST',
        idempotencyKey,
        body: {
          payments: orders.map(({ orderId, outstandingMinor }) => ({
            orderId,
            method,
            amountMinor: outstandingMinor,
          })),
        },
      }),
    onSuccess: done,
  });
  const [idempotencyKey, setIdempotencyKey] = useState(() => crypto.randomUUID());
  const choice = `${method} ${orders.map(({ orderId }) => orderId).join(' ')}`;
  const [keyed, setKeyed] = useState(choice);
  if (keyed !== choice) {
    setKeyed(choice);
    setIdempotencyKey(crypto.randomUUID());
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    record.mutate({ idempotencyKey });
  };
  const refused = record.data?.outcomes.filter(({ outcome }) => outcome === 'refused') ?? [];
  const recorded = (record.data?.outcomes.length ?? 0) - refused.length;
  const totalMinor = orders.reduce((sum, { outstandingMinor }) => sum + outstandingMinor, 0);
  return (
    <Paper component="form" onSubmit={submit} className="no-print">
      <Stack>
        <Group justify="space-between">
          <SegmentedControl
            aria-label={t('payment.method')}
            value={method}
            onChange={(value) => setMethod(value as IntendedPayment)}
            data={[
              { value: 'bank-transfer', label: t('payment.bankTransfer') },
              { value: 'cash', label: t('payment.cash') },
            ]}
          />
          <Button
            type="submit"
            loading={record.isPending}
            disabled={orders.length === 0 || orders.length > MAX_PAYMENTS}
          >
            {orders.length > 0
              ? t('payment.recordMany', {
                  count: orders.length,
                  total: format.money(totalMinor, orders[0]!.currency),
                })
              : t('payment.chooseOrders')}
          </Button>
        </Group>
        <Text size="sm" c="dimmed">
          {t(method === 'cash' ? 'payment.cashExplained' : 'payment.bankExplained')}
        </Text>
        {orders.length > MAX_PAYMENTS && (
          <Text size="sm" className="attention">
            {t('payment.tooMany', { most: MAX_PAYMENTS })}
          </Text>
        )}
        {record.isError && <Problem error={record.error} />}
        {recorded > 0 && (
          <Alert color="leaf" role="status" title={t('payment.recorded', { count: recorded })} />
        )}
        {refused.length > 0 && (
          <Alert
            color="red"
            variant="light"
            role="alert"
            title={t('payment.refused', { count: refused.length })}
          >
            {refused.map((each) => (
              <Text size="sm" key={each.orderId}>
                {each.outcome === 'refused' && (each.problem.detail ?? each.problem.title)}
              </Text>
            ))}
          </Alert>
        )}
      </Stack>
    </Paper>
  );
}
