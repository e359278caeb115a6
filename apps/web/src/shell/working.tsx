import { Progress, Text } from '@mantine/core';
import { useEffect, useState } from 'react';

/** What is shorter would only flicker. */
const SHOWN_AFTER_MS = 1_000;

/** Says what is being done, once that takes longer than a moment. Rendered while it is done. */
export function Working({ what }: { what: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), SHOWN_AFTER_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!isLong) return null;
  return (
    <div role="status">
      <Text size="sm" mb={4}>
        {what}
      </Text>
      <Progress value={100} animated striped aria-label={what} />
    </div>
  );
}
