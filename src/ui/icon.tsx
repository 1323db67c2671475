/** Our own icons: 24 × 24, drawn with one 1.75 stroke, decorative: the words beside them carry the meaning. */
const drawings = {
  search: 'M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13Zm4.8-1.7L20.5 20.5',
  arrow: 'M4 12h15m-6-6.5 6.5 6.5-6.5 6.5',
  back: 'M20 12H5m6-6.5L4.5 12l6.5 6.5',
  down: 'm6 9.5 6 6 6-6',
  check: 'm4.5 12.5 5 5L19.5 7',
  close: 'm6 6 12 12M18 6 6 18',
  plus: 'M12 5v14M5 12h14',
  minus: 'M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h10',
  alert: 'M12 3.5 2.5 20h19L12 3.5Zm0 6.5v4.5m0 2.7v.3',
  info: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-10v6m0-9.2v.2',
  person: 'M12 11.5a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm-7.5 9c.5-4 3.5-6 7.5-6s7 2 7.5 6',
  people:
    'M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 9c.4-3.7 3-5.5 6.5-5.5s6.1 1.8 6.5 5.5M15.5 4.3a3.5 3.5 0 0 1 0 6.5m2 4.3c2.2.7 3.6 2.3 4 4.9',
  pin: 'M12 21.5s7-6.2 7-11.7a7 7 0 0 0-14 0c0 5.5 7 11.7 7 11.7Zm0-9.3a2.6 2.6 0 1 0 0-5.2 2.6 2.6 0 0 0 0 5.2Z',
  map: 'm3 6 6-2.5 6 2.5 6-2.5V18l-6 2.5L9 18l-6 2.5V6Zm6-2.5V18m6-12v14.5',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5.3l3.5 2.2',
  calendar: 'M4 6h16v14H4V6Zm0 4.5h16M8 3.5V8m8-4.5V8',
  phone:
    'M5 4h4l1.5 5-2.3 1.6a13 13 0 0 0 5.2 5.2L15 13.5l5 1.5v4c0 .6-.4 1-1 1C11 20 4 13 4 5c0-.6.4-1 1-1Z',
  mail: 'M3 6h18v13H3V6Zm0 .5 9 7 9-7',
  camera: 'M3 8h4.5l1.5-3h6l1.5 3H21v12H3V8Zm9 9a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Z',
  file: 'M6 3h8l4.5 4.5V21H6V3Zm8 0v5h4.5M9 13h6m-6 4h6',
  download: 'M12 4v11m-5-4.5 5 5 5-5M4 20h16',
  print: 'M7 8V3.5h10V8M7 17H3.5V8h17v9H17m-10-3h10v6.5H7V14Z',
  filter: 'M3.5 5h17L14 13v6.5l-4-2V13L3.5 5Z',
  list: 'M8.5 6H20M8.5 12H20M8.5 18H20M4 6h.5M4 12h.5M4 18h.5',
  chart: 'M4 20V4m0 16h16.5M8.5 16v-4m4.5 4V7m4.5 9v-6',
  heat: 'M12 21c-4 0-6.5-2.7-6.5-6.3C5.5 10.5 9 8.5 9.5 3c3 1.5 4 4 4 6 1-.5 1.5-1.5 1.7-2.5 2 2 3.3 4.7 3.3 8 0 3.8-2.5 6.5-6.5 6.5Z',
  water: 'M12 3s6.5 7 6.5 11.5a6.5 6.5 0 0 1-13 0C5.5 10 12 3 12 3Zm-3 12a3 3 0 0 0 3 3',
  power: 'M13.5 2.5 5 13.5h6l-1 8 8.5-11h-6l1-8Z',
  road: 'M8.5 3 4 21M15.5 3 20 21M12 4v3m0 3.5v3m0 3.5v4',
  tree: 'M12 21v-8m0 4 3.5-3M12 3c-4 0-6.5 3-6 6.5S9 15 12 15s5.5-2 6-5.5S16 3 12 3Z',
  bus: 'M5 4h14v14H5V4Zm0 8h14M8.5 15h.2m6.6 0h.2M7 18v2.5m10-2.5v2.5',
  house: 'M3.5 11 12 3.5l8.5 7.5M6 9v11h12V9m-8 11v-6h4v6',
  school: 'M2.5 9 12 4.5 21.5 9 12 13.5 2.5 9ZM6.5 11v5.5c3.5 2.5 7.5 2.5 11 0V11m4-2v6',
  clinic: 'M4 4h16v16H4V4Zm8 4v8m-4-4h8',
  lock: 'M5.5 11h13v9.5h-13V11ZM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11',
  sun: 'M12 16.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9ZM12 2v2m0 16v2M2 12h2m16 0h2M5 5l1.4 1.4m11.2 11.2L19 19M19 5l-1.4 1.4M6.4 17.6 5 19',
  moon: 'M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10Z',
  device: 'M3.5 5h17v11h-17V5Zm5.5 15h6m-3-4v4',
  globe:
    'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm-9-9h18M12 3c3 2.7 3.8 6 3.8 9S15 18.3 12 21c-3-2.7-3.8-6-3.8-9S9 5.7 12 3Z',
  bell: 'M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 1.5h-15L6 16.5Zm4.5 4h3',
  star: 'm12 3.5 2.6 5.5 6 .8-4.4 4.2 1.1 6L12 17.1 6.7 20l1.1-6-4.4-4.2 6-.8L12 3.5Z',
  edit: 'm4 20 1-4.5L16.5 4 20 7.5 8.5 19 4 20Zm10-13.5 3.5 3.5',
  attach: 'm19.5 11-8 8a5 5 0 0 1-7-7l8.5-8.5a3.3 3.3 0 0 1 4.7 4.7L9.5 16.5a1.6 1.6 0 0 1-2.3-2.3l7.3-7.2',
  data: 'M12 9c4.4 0 8-1.3 8-3s-3.6-3-8-3-8 1.3-8 3 3.6 3 8 3ZM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3',
  scales: 'M12 3.5v17M7.5 20.5h9M4.5 7h15M7 7l-3.5 7h7L7 7Zm10 0-3.5 7h7L17 7Z',
  ticket: 'M3.5 6.5h17v4a1.8 1.8 0 0 0 0 3.5v3.5h-17V14a1.8 1.8 0 0 0 0-3.5v-4Zm11 0v11',
  speech: 'M4 4.5h16v12h-8.5L7 20.5v-4H4v-12Zm4 4.5h8m-8 3.5h5',
} as const;

export type IconName = keyof typeof drawings;
export const iconNames = Object.keys(drawings) as IconName[];

/** A small picture from our own set, hidden from screen readers. */
export function Icon(props: { name: IconName; class?: string }) {
  return (
    <svg class={props.class ? `icon ${props.class}` : 'icon'} viewBox="0 0 24 24" aria-hidden="true">
      <path d={drawings[props.name]} />
    </svg>
  );
}
