import type { Phone } from '#platform/city-name.ts';
import type { Text } from '#platform/i18n/index.ts';
import type { CitySettings } from './city-data.ts';

const answers: Text = { uk: 'контакт-центр міста', en: 'contact centre of the city' };

/** Whom to call when the city's pages cannot help: the emergency services and then the contact centre. */
export function phonesOf(settings: CitySettings): readonly Phone[] {
  return [...(settings.emergencyPhones ?? []), { number: settings.phone, title: answers }];
}
