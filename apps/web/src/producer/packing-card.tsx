import type { PackingLine, PackingOrder } from '@foodshed/contracts';
import { Anchor, Checkbox, Paper, Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useSession } from '../api/session.js';
import type { WaitingTick } from '../device/device.js';
import { useFormat } from '../format.js';
import { isPacked, leftOf, waitingOf } from './packing.js';

/** What is to be said of a line beside its tick: that it is not sent yet, not taken, or who packed it. */
function LineNote({ line, waiting }: { line: PackingLine; waiting: WaitingTick | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { person } = useSession();
  const { tick } = line;
  if (waiting?.refused) return <span data-attention>{t(`packing.refused.${waiting.refused}`)}</span>;
  if (waiting) return <span data-attention>{t('packing.notSent')}</span>;
  if (!tick?.isPacked) return null;
  if (tick.quantity !== leftOf(line)) {
    return (
      <span data-attention>
        {t('packing.otherQuantity', { packed: tick.quantity, wanted: leftOf(line) })}
      </span>
    );
  }
  const at = format.dateTime(tick.changedAt);
  return t(tick.changedBy === person?.personId ? 'packing.byYou' : 'packing.byAnother', { at });
}

/** One box: whose it is, and what goes in. */
export function PackingCard({
  order,
  nameOf,
  waiting,
  tick,
}: {
  order: PackingOrder;
  nameOf: (id: string) => string | undefined;
  waiting: readonly WaitingTick[];
  tick: (line: PackingLine, isPacked: boolean) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <Paper component="article" h="100%">
      <Title order={3} size="h5">
        <Anchor component={Link} to={`/orders/${order.orderId}`} inherit ff="monospace">
          {order.reference}
        </Anchor>{' '}
        {nameOf(order.buyer.id) ?? t('order.formerBuyer')}
      </Title>
      <Text size="sm" c="dimmed">
        {nameOf(order.hubId)} · {format.dateTime(order.placedAt)} · {t(`paymentState.${order.paymentState}`)}
      </Text>
      <Stack gap={6} mt="xs">
        {order.lines.map((line) => {
          const unsent = waitingOf(order, line, waiting);
          return (
            <Checkbox
              key={line.lineNumber}
              size="md"
              label={`${leftOf(line)} × ${line.productName}, ${line.unitLabel}`}
              description={<LineNote line={line} waiting={unsent} />}
              checked={isPacked(line, unsent)}
              onChange={(event) => tick(line, event.currentTarget.checked)}
            />
          );
        })}
      </Stack>
    </Paper>
  );
}
