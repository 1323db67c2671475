import type { CityCatalogue } from '../../src/systems/open-data/dcat/portal.ts';

/** How the city's catalogue of open data names the city to catalogues of other places. */
export const cityCatalogue: CityCatalogue = {
  title: 'Open data of Dnipro',
  description:
    'Datasets of the city council, its departments and enterprises: free of charge, for any use with a link to the source.',
  publisher: { uk: 'Дніпровська міська рада', en: 'Dnipro City Council' },
  place: {
    katottg: 'UA12020010010037010',
    name: { uk: 'Дніпро', en: 'Dnipro' },
    geonames: 'https://sws.geonames.org/709930/',
  },
};
