import { COUNTRY_CODES, countryCodeOf } from '../../../src/kernel/countries';

it('knows the 249 countries of ISO 3166-1, each by its English name', () => {
  expect(COUNTRY_CODES.size).toBe(249);
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  for (const code of COUNTRY_CODES) expect(countryCodeOf(names.of(code)!)).toBe(code);
});

it.each([
  ['gb', 'GB'],
  [' United Kingdom ', 'GB'],
  ['U.K.', undefined],
  ['EIRE', 'IE'],
  ['usa', 'US'],
  ['The Netherlands', 'NL'],
  ['Côte d’Ivoire', 'CI'],
  ['Czech Republic', 'CZ'],
  ['RSA', 'ZA'],
  ['Unspecified', undefined],
  ['', undefined],
])('%s is %s', (text, code) => {
  expect(countryCodeOf(text)).toBe(code);
});
