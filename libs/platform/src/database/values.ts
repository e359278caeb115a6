import type { CustomTypesConfig } from 'pg';
import pg from 'pg';
import type { ValueTransformer } from 'typeorm';

const INT8 = 20;
const DATE = 1082;

/** A bigint column's value as a number. @throws RangeError beyond 2^53 − 1, where numbers lose units. */
export function safeInteger(value: string | number): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${value} is not a safe integer`);
  return number;
}

/** How TypeORM reads and writes `bigint` columns: as safe integers, asserted both ways; null stays null. */
export const bigintColumn: ValueTransformer = {
  from: (value: string | number | null) => (value === null ? null : safeInteger(value)),
  to: (value: number | null | undefined) =>
    value === null || value === undefined ? value : safeInteger(value),
};

/** Raw queries read `bigint` as a safe integer and `date` as `YYYY-MM-DD`; `numeric` stays a string. */
export const columnParsers: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') => {
    if (format !== 'binary' && oid === INT8) return safeInteger;
    if (format !== 'binary' && oid === DATE) return (value: string) => value;
    return pg.types.getTypeParser(oid, format);
  }) as CustomTypesConfig['getTypeParser'],
};

/**
 * Values as one parameter, for `string_to_array($1, E'\\n')` and a cast to `json`: JSON has no line break outside its
 * strings and none unescaped within, so nothing is escaped a second time, as the text of an array would be.
 */
export const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => JSON.stringify(value)).join('\n');
