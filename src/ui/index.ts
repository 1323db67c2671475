/** The design system: everything that pages are made of. Knows no data and nothing of the platform. */
export { type AssetPaths, assetPaths } from './assets.ts';
export { CityScene, Wordmark } from './brand.tsx';
export * from './chart.tsx';
export * from './content.tsx';
export { classes, fieldId, localHref, useLanguage } from './context.ts';
export { renderEmbed } from './embed.tsx';
export * from './fields.tsx';
export * from './form.tsx';
export * from './home.tsx';
export { Icon, type IconName, iconNames } from './icon.tsx';
export { Island, PrintOnly } from './island.tsx';
export * from './map.tsx';
export { type MenuItem, Page, type PageProps, renderPage, type Shell, type Theme } from './page.tsx';
export { type Photo, Photos, Thumbnail } from './photos.tsx';
export { QrCode } from './qr.tsx';
export * from './table.tsx';
export type { Fault, Language, Link, Tone } from './types.ts';
