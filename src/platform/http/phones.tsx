import type { Phone } from '../city.ts';
import type { Language } from '../i18n/index.ts';

/** Telephones as links, each with who answers. */
export function Phones(props: { phones: readonly Phone[]; language: Language }) {
  return (
    <ul class="phones">
      {props.phones.map(({ number, title }) => (
        <li key={number}>
          <a href={`tel:${number.replaceAll(/[^\d+]/g, '')}`}>{number}</a> – {title[props.language]}
        </li>
      ))}
    </ul>
  );
}
