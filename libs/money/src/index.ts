export * from './allocate.js';
export * from './currency.js';
export * from './integer.js';
export * from './rates.js';
export * from './split.js';
export * from './vat.js';
