import { ScrollArea } from '@mantine/core';
import { useTranslation } from 'react-i18next';

/** Who gives what to whom, as the service drew it; the words beside it say the same. */
export function Drawing({ svg }: { svg: string }) {
  const { t } = useTranslation();
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': t('model.drawing') }}>
      <img
        src={`data:image/svg+xml,${encodeURIComponent(svg)}`}
        alt={t('model.drawing')}
        style={{
          display: 'block',
          minWidth: 640,
          width: '100%',
          maxWidth: 848,
          background: '#fff',
          borderRadius: 8,
        }}
      />
    </ScrollArea>
  );
}
