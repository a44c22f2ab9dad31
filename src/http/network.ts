import { ipKeyGenerator } from 'express-rate-limit';

/** Bits of an IPv6 address that one household has in common. */
const HOUSEHOLD = 56;

/** What counts as one caller where only the address is known: an IPv4 address, or of IPv6 the network of one household. */
export const networkOf = (ip: string): string => ipKeyGenerator(ip, HOUSEHOLD);
