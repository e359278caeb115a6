import type { OrderState, PaymentState } from '@foodshed/contracts';
import { Badge, Group } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const paymentColor: Record<PaymentState, string> = {
  unpaid: 'yellow',
  underpaid: 'orange',
  paid: 'leaf',
  overpaid: 'blue',
  'partly-refunded': 'grape',
  refunded: 'gray',
};

/** Where an order stands, in words first; the colour only repeats them. */
export function OrderStateBadges({ state, paymentState }: { state: OrderState; paymentState: PaymentState }) {
  const { t } = useTranslation();
  return (
    <Group gap={4}>
      <Badge color={state === 'placed' ? 'blue' : state === 'fulfilled' ? 'leaf' : 'gray'} variant="dot">
        {t(`orderState.${state}`)}
      </Badge>
      <Badge color={paymentColor[paymentState]} variant="dot">
        {t(`paymentState.${paymentState}`)}
      </Badge>
    </Group>
  );
}
