import { multiplyRounded } from './integer.js';
import { atRate, bpsInWhole } from './split.js';

/** What of a gross amount is net of VAT at `vatRateBps`; 24.99 including 9 % is 22.93. */
export const netOfVat = (grossMinor: number, vatRateBps: number): number =>
  multiplyRounded(grossMinor, bpsInWhole, bpsInWhole + vatRateBps);

/** VAT on top of a net amount. */
export const vatOn = (netMinor: number, vatRateBps: number): number => atRate(netMinor, vatRateBps);
