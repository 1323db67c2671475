import type { CityFacts, Phone } from '#platform/city.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { CitySettings } from './city-data.ts';
import { defaultsOf } from './defaults.ts';

const answers: Text = { uk: 'контакт-центр міста', en: 'contact centre of the city' };

/** Whom to call when the city's pages cannot help: the emergency services and then the contact centre. */
function phonesOf(settings: CitySettings): readonly Phone[] {
  return [...(settings.emergencyPhones ?? []), { number: settings.phone, title: answers }];
}

/** What the platform has to know of the city's settings. */
export const factsOf = (settings: CitySettings): CityFacts => ({
  name: settings.name,
  phones: phonesOf(settings),
  sharedAddresses: settings.intakeLimits?.sharedAddresses ?? [],
  quietHours: { from: defaultsOf(settings).quietFrom, until: defaultsOf(settings).quietUntil },
});
