import { FileInput, Text } from '@mantine/core';
import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Takes a file that is dropped on it or chosen; the button inside is the way for keyboards. */
export function DropZone({
  label,
  accept,
  file,
  onFile,
}: {
  label: string;
  accept: string;
  file: File | null;
  onFile: (file: File | null) => void;
}) {
  const { t } = useTranslation();
  const [isOver, setOver] = useState(false);
  const over = (event: DragEvent): void => {
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const [dropped] = event.dataTransfer.files;
    if (dropped) onFile(dropped);
  };
  return (
    <div
      className="drop-zone"
      data-over={isOver || undefined}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <FileInput
        label={label}
        description={t('dropZone.hint')}
        accept={accept}
        placeholder={t('dropZone.choose')}
        value={file}
        onChange={onFile}
        clearable
        clearButtonProps={{ 'aria-label': t('dropZone.remove') }}
      />
      {isOver && (
        <Text size="sm" mt="xs">
          {t('dropZone.drop')}
        </Text>
      )}
    </div>
  );
}
