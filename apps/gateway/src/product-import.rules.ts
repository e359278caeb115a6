import type { ProductImportQuery, ProductImportRequest } from '@foodshed/contracts';

/** The request that was meant: how to read a text/csv body is said in the address, for JSON in the body. */
export function productImportOf(
  contentType: string | undefined,
  query: ProductImportQuery,
  body: ProductImportRequest,
): ProductImportRequest {
  return /^text\/csv\b/i.test(contentType ?? '') ? { ...body, ...query } : body;
}
