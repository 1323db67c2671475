import { council } from './council.ts';
import { education } from './education.ts';
import { environment } from './environment.ts';
import { finance } from './finance.ts';
import { property } from './property.ts';
import { society } from './society.ts';
import type { DatasetData } from './tables.ts';
import { transport } from './transport.ts';
import { urban } from './urban.ts';
import { utilities } from './utilities.ts';

export { passengerCounts, passengerCountsCsv } from './passenger-counts.ts';
export { demoPublisher, type PublisherData, publisherCalled, publishers } from './publishers.ts';
export type { Cell, DatasetData, FileData, Mess, Row, TableData, VersionData } from './tables.ts';
export { type OfficialColumn, usualCell } from './usual-cells.ts';

/** The datasets of the demo city, by the units that publish them. */
export const datasets: readonly DatasetData[] = [
  ...transport,
  ...education,
  ...environment,
  ...finance,
  ...property,
  ...urban,
  ...utilities,
  ...society,
  ...council,
];
