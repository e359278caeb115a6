import { NumberInput } from '@mantine/core';
import { useFormat } from '../format.js';

/** An amount typed as people write it, kept in minor units; null while the field is empty. */
export function AmountInput(props: {
  label: string;
  currency: string;
  value: number | null;
  onChange: (minor: number | null) => void;
  error?: string;
}) {
  const { decimals } = useFormat();
  const places = decimals(props.currency);
  const scale = 10 ** places;
  return (
    <NumberInput
      label={props.label}
      suffix={` ${props.currency}`}
      decimalScale={places}
      fixedDecimalScale
      allowNegative={false}
      hideControls
      inputMode="decimal"
      value={props.value === null ? '' : props.value / scale}
      onChange={(value) => props.onChange(value === '' ? null : Math.round(Number(value) * scale))}
      error={props.error}
    />
  );
}
