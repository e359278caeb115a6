import type { Order, OrderLine } from '@foodshed/contracts';
import { Button, Checkbox, Group, NumberInput, Paper, Stack, Table, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { useFormat } from '../format.js';
import { Problem } from '../shell/states.js';

const remaining = (line: OrderLine): number => line.quantity - line.refundedQuantity;

/** Gives money back for some of the lines, or for all that is left; everybody's share of exactly that goes back too. */
export function RefundForm({ order, done }: { order: Order; done: () => Promise<void> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const surplusMinor = order.totals?.surplusMinor ?? 0;
  const [quantities, setQuantities] = useState<Record<number, number>>({});
  const [returnToStock, setReturnToStock] = useState(false);
  const [idempotencyKey] = useState(() => crypto.randomUUID());
  const chosen = Object.entries(quantities).filter(([, quantity]) => quantity > 0);
  const refund = useMutation({
    mutationFn: (kind: 'lines' | 'whole' | 'surplus') =>
      api(`/orders/${order.orderId}/refunds`, {
        method: 'POST',
        idempotencyKey: `${idempotencyKey}-${kind}`,
        body: {
          refund:
            kind !== 'lines'
              ? { kind }
              : {
                  kind,
                  lines: chosen.map(([lineNumber, quantity]) => ({
                    lineNumber: Number(lineNumber),
                    quantity,
                  })),
                },
          returnToStock,
        },
      }),
    onSuccess: done,
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    refund.mutate('lines');
  };
  return (
    <Paper component="form" onSubmit={submit} maw={620}>
      <Stack>
        <Text size="sm" c="dimmed">
          {t('refund.lead')}
        </Text>
        <Table>
          <Table.Tbody>
            {order.lines
              .filter((line) => remaining(line) > 0)
              .map((line) => (
                <Table.Tr key={line.lineNumber}>
                  <Table.Td>
                    {line.productName}{' '}
                    <Text span size="sm" c="dimmed">
                      {line.unitLabel}
                    </Text>
                  </Table.Td>
                  <Table.Td className="amount">{t('refund.of', { count: remaining(line) })}</Table.Td>
                  <Table.Td w={110}>
                    <NumberInput
                      aria-label={t('refund.quantityOf', { product: line.productName })}
                      min={0}
                      max={remaining(line)}
                      value={quantities[line.lineNumber] ?? 0}
                      onChange={(value) =>
                        setQuantities({ ...quantities, [line.lineNumber]: Number(value) || 0 })
                      }
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
          </Table.Tbody>
        </Table>
        <Checkbox
          label={t('refund.returnToStock')}
          checked={returnToStock}
          onChange={(event) => setReturnToStock(event.currentTarget.checked)}
        />
        {refund.isError && <Problem error={refund.error} />}
        <Group justify="flex-end">
          {surplusMinor > 0 && (
            <Button variant="default" loading={refund.isPending} onClick={() => refund.mutate('surplus')}>
              {t('refund.surplus', { amount: format.money(surplusMinor, order.currency) })}
            </Button>
          )}
          <Button variant="default" loading={refund.isPending} onClick={() => refund.mutate('whole')}>
            {t('refund.whole')}
          </Button>
          <Button type="submit" loading={refund.isPending} disabled={chosen.length === 0}>
            {t('refund.lines')}
          </Button>
        </Group>
      </Stack>
    </Paper>
  );
}
