import { Alert, Button, Group, List, Stack, Text } from '@mantine/core';
import { IconCloudCheck, IconCloudOff } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { WaitingTick } from '../device/device.js';
import { useFormat } from '../format.js';

/** Of when the list is, how many ticks are not sent yet, and which of them the server did not take. */
export function PackingState({
  keptAt,
  waiting,
  dismiss,
}: {
  keptAt: string | null;
  waiting: readonly WaitingTick[];
  dismiss: (tick: WaitingTick) => void;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const refused = waiting.filter((tick) => tick.refused);
  const unsent = waiting.length - refused.length;
  const isCalm = keptAt === null && unsent === 0;
  return (
    <Stack gap="xs" className="no-print">
      <Alert
        role="status"
        py="xs"
        color={isCalm ? 'leaf' : 'orange'}
        icon={isCalm ? <IconCloudCheck size={18} /> : <IconCloudOff size={18} />}
      >
        {keptAt !== null && (
          <Text className="attention" fw={600}>
            {t('packing.kept', { at: format.dateTime(keptAt) })}
          </Text>
        )}
        {unsent > 0
          ? t('packing.unsent', { count: unsent })
          : t(keptAt === null ? 'packing.allSent' : 'packing.works')}
      </Alert>
      {refused.length > 0 && (
        <Alert color="red" variant="light" role="alert" title={t('packing.refusedTitle')}>
          <List size="sm">
            {refused.map((tick) => (
              <List.Item key={`${tick.orderId} ${tick.lineNumber}`}>
                <Group gap="xs">
                  {tick.label}. {t(`packing.refused.${tick.refused!}`)}
                  <Button
                    size="compact-xs"
                    variant="default"
                    aria-label={t('packing.seenNamed', { label: tick.label })}
                    onClick={() => dismiss(tick)}
                  >
                    {t('packing.seen')}
                  </Button>
                </Group>
              </List.Item>
            ))}
          </List>
        </Alert>
      )}
    </Stack>
  );
}
