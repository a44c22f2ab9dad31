import express from 'express';
import { isTrust, trustsStrangers } from '../../../src/config/trusted-proxies';

test.each(['true', 'foo', '10.0.0.0/33', '10.0.0.0/0', '10.0.0.1,', '10.0.0', '1000'])('%s can not be read', (text) => {
  expect(isTrust(text)).toBe(false);
});

test.each([
  '1',
  '5',
  'false',
  '127.0.0.1',
  'loopback, 10.0.0.0/8',
  '203.0.113.9',
  '::1,fe80::/10',
  'fc00::/7',
  '2001:db8::/32',
  '::ffff:10.0.0.1',
  '::ffff:10.0.0.0/104',
  'loopback,linklocal,uniquelocal',
])('%s can be read, by Express too, and is fit for production', (text) => {
  expect([isTrust(text), trustsStrangers(text)]).toEqual([true, false]);
  express().set('trust proxy', /^\d+$/.test(text) ? Number(text) : text === 'false' ? false : text);
});

test.each([
  '6',
  '99',
  '0.0.0.0/1,128.0.0.0/1',
  '10.0.0.0/7',
  'loopback, 128.0.0.0/4',
  '::/1',
  '2000::/3',
  '2a00::/12',
  // All of IPv4, as it is written in IPv6.
  '::ffff:0:0/96',
  '::/16',
  '::/80',
  '::ffff:128.0.0.0/97',
  '::ffff:10.0.0.0/103',
])('%s can be read, and trusts strangers', (text) => {
  expect([isTrust(text), trustsStrangers(text)]).toEqual([true, true]);
});
