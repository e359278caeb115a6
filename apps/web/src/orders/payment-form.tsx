import type { IntendedPayment, Order } from '@foodshed/contracts';
import { Button, Group, Paper, SegmentedControl, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ApiError, fieldError } from '../api/client.js';
import { AmountInput } from '../shell/amount-input.js';
import { Problem } from '../shell/states.js';

/** The hub writes down money that came: to the instance's bank account, or into its own till. */
export function PaymentForm({ order, done }: { order: Order; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const [method, setMethod] = useState<IntendedPayment>(order.totals?.paymentMethod ?? 'bank-transfer');
  const [amountMinor, setAmountMinor] = useState<number | null>(order.totals?.outstandingMinor ?? 0);
  // One key for this form: pressing twice, or again after a lost answer, records one payment.
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const record = useMutation({
    mutationFn: (isSurplus: boolean) =>
      api(`/orders/${order.orderId}/payments`, {
        method: 'POST',
        idempotencyKey: isSurplus ? `${idempotencyKey}-surplus` : idempotencyKey,
        body: { method, amountMinor, ...(isSurplus ? { isSurplus } : {}) },
      }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    record.mutate(false);
  };
  return (
    <Paper component="form" onSubmit={submit} maw={460}>
      <Stack>
        <SegmentedControl
          aria-label={t('payment.method')}
          value={method}
          onChange={(value) => setMethod(value as IntendedPayment)}
          data={[
            { value: 'bank-transfer', label: t('payment.bankTransfer') },
            { value: 'cash', label: t('payment.cash') },
          ]}
        />
        <Text size="sm" c="dimmed">
          {t(method === 'cash' ? 'payment.cashExplained' : 'payment.bankExplained')}
        </Text>
        <AmountInput
          label={t('payment.amount')}
          currency={order.currency}
          value={amountMinor}
          onChange={setAmountMinor}
          error={fieldError(record.error, 'amountMinor')}
        />
        {record.isError && <Problem error={record.error} />}
        <Group justify="flex-end">
          {record.error instanceof ApiError && record.error.code === 'order-already-paid' && (
            <Button variant="default" loading={record.isPending} onClick={() => record.mutate(true)}>
              {t('payment.recordSurplus')}
            </Button>
          )}
          <Button type="submit" loading={record.isPending} disabled={!amountMinor}>
            {t('payment.record')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
