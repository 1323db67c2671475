import type { CityDefaults, CitySettings } from './city-data.ts';

/** What holds where the city has not said otherwise (contact-centre specification, section 3). */
export const cityDefaults: CityDefaults = {
  requestKeptMonths: 12,
  callKeptMonths: 12,
  draftDays: 7,
  checkPercent: 5,
  checkDays: 14,
  verificationHours: 168,
  urgentVerificationHours: 48,
  quietFrom: 21,
  quietUntil: 8,
};

/** What the city has decided, and the rest by default. */
export const defaultsOf = (settings: CitySettings): CityDefaults => ({
  ...cityDefaults,
  ...settings.defaults,
});
