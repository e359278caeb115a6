import { DomainError } from '@foodshed/contracts';
import { invalidInput } from '@foodshed/platform';
import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import type { z } from 'zod';

const MAX_DEPTH = 32;

/** The path of the first text that cannot be stored (NUL, half a surrogate pair), or of the first too deep value. */
export function unstorableText(value: unknown, path: string[] = []): string[] | undefined {
  if (typeof value === 'string') return value.includes('\0') || !value.isWellFormed() ? path : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  if (path.length > MAX_DEPTH) return path;
  for (const [key, part] of Object.entries(value)) {
    const found = unstorableText(key, [...path, key]) ?? unstorableText(part, [...path, key]);
    if (found) return found;
  }
  return undefined;
}

/** Checks params, query and body with the schema their decorator names; what the schema makes of them goes on. */
@Injectable()
export class ZodPipe implements PipeTransform {
  transform(value: unknown, { schema, type, data }: ArgumentMetadata & { schema?: unknown }): unknown {
    if (!schema) return value;
    if (type !== 'body') refuseUnstorable(value, data);
    const parsed = (schema as z.ZodType).safeParse(value === undefined && type === 'body' ? {} : value);
    if (parsed.success) return parsed.data;
    if (!data) throw invalidInput(parsed.error);
    // A single param or query field: its name is not in the schema's paths.
    for (const issue of parsed.error.issues) issue.path.unshift(data);
    throw invalidInput(parsed.error);
  }
}

/** @throws invalid-input naming the field whose text cannot be stored. */
export function refuseUnstorable(value: unknown, name?: string): void {
  const path = unstorableText(value, name ? [name] : []);
  if (!path) return;
  const field = path.join('.').toWellFormed().replaceAll('\0', '');
  throw new DomainError('invalid-input', {
    detail: `Not valid: ${field}.`,
    fields: [{ path: field, message: 'must not contain NUL or unpaired surrogate characters' }],
  });
}
