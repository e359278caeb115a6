import type { WebhookDelivery, WebhookView } from '@foodshed/contracts';
import { Badge } from '@mantine/core';
import { useTranslation } from 'react-i18next';

const stateColor = { active: 'leaf', paused: 'gray', failing: 'red' } as const;
const deliveryColor = { waiting: 'yellow', delivered: 'leaf', failed: 'red' } as const;

/** Whether a webhook is told what happens. */
export function WebhookState({ state }: Pick<WebhookView, 'state'>) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={stateColor[state]} data-testid="webhook-state" style={{ flexShrink: 0 }}>
      {t(`webhookState.${state}`)}
    </Badge>
  );
}

/** What became of a delivery, in a word. */
export function DeliveryState({ state }: Pick<WebhookDelivery, 'state'>) {
  const { t } = useTranslation();
  return (
    <Badge variant="dot" color={deliveryColor[state]}>
      {t(`deliveryState.${state}`)}
    </Badge>
  );
}
