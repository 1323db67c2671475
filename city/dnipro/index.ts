/** The city of Dnipro as data: everything a contact centre needs to know of its city. Demo values are marked as such. */
export * from './articles.ts';
export { assets } from './assets.ts';
export * from './buildings.ts';
export * from './catalogue.ts';
export * from './categories.ts';
export { contactCentreData } from './contact-centre.ts';
export * from './demo-texts.ts';
export * from './districts.ts';
export * from './holidays.ts';
export * as openDataCity from './open-data/index.ts';
export * from './organisations.ts';
export * from './questions.ts';
export * from './rules.ts';
export * from './street-aliases.ts';
export * from './streets.ts';
