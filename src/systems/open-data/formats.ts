/** File formats that the portal knows, by the ending of a name: how CKAN's clients call them, and their media type. */
const known: Readonly<Record<string, readonly [format: string, mediaType: string]>> = {
  csv: ['CSV', 'text/csv'],
  tsv: ['TSV', 'text/tab-separated-values'],
  tab: ['TSV', 'text/tab-separated-values'],
  xls: ['XLS', 'application/vnd.ms-excel'],
  xlsx: ['XLSX', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ods: ['ODS', 'application/vnd.oasis.opendocument.spreadsheet'],
  json: ['JSON', 'application/json'],
  ndjson: ['NDJSON', 'application/x-ndjson'],
  jsonl: ['NDJSON', 'application/x-ndjson'],
  geojson: ['GeoJSON', 'application/geo+json'],
  parquet: ['Parquet', 'application/vnd.apache.parquet'],
  xml: ['XML', 'application/xml'],
  rdf: ['RDF', 'application/rdf+xml'],
  ttl: ['TTL', 'text/turtle'],
  kml: ['KML', 'application/vnd.google-earth.kml+xml'],
  shp: ['SHP', 'application/octet-stream'],
  gpkg: ['GPKG', 'application/geopackage+sqlite3'],
  gtfs: ['GTFS', 'application/zip'],
  zip: ['ZIP', 'application/zip'],
  gz: ['GZIP', 'application/gzip'],
  pdf: ['PDF', 'application/pdf'],
  doc: ['DOC', 'application/msword'],
  docx: ['DOCX', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  odt: ['ODT', 'application/vnd.oasis.opendocument.text'],
  txt: ['TXT', 'text/plain'],
  htm: ['HTML', 'text/html'],
  html: ['HTML', 'text/html'],
  png: ['PNG', 'image/png'],
  jpg: ['JPEG', 'image/jpeg'],
  jpeg: ['JPEG', 'image/jpeg'],
  svg: ['SVG', 'image/svg+xml'],
  tif: ['TIFF', 'image/tiff'],
  tiff: ['TIFF', 'image/tiff'],
  dxf: ['DXF', 'image/vnd.dxf'],
  rtf: ['RTF', 'application/rtf'],
  api: ['API', ''],
  wms: ['WMS', ''],
  wfs: ['WFS', ''],
};

/** The one spelling of a format: `csv` and `.CSV` are `CSV`; one that is not known stays as it was given. */
export function formatOf(given: string): string {
  const plain = given.trim().replace(/^\./, '');
  return known[plain.toLowerCase()]?.[0] ?? plain;
}

/** Format and media type that the name of a file, or the path of an address, tells by its ending; nulls where it does not. */
export function guessFormat(nameOrUrl: string): { format: string | null; mediaType: string | null } {
  const path = nameOrUrl.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/]*/i, '').replace(/[?#].*$/, '');
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(path)?.[1]?.toLowerCase();
  const found = ending === undefined ? undefined : known[ending];
  return { format: found?.[0] ?? null, mediaType: found?.[1] || null };
}

const tables: ReadonlySet<string> = new Set([
  'CSV',
  'TSV',
  'XLSX',
  'XLS',
  'ODS',
  'JSON',
  'NDJSON',
  'GeoJSON',
  'Parquet',
]);

/** Whether a file is loaded into a table: by what its resource calls it, or by its name. */
export function isTable(format: string, fileName: string | null): boolean {
  return tables.has(formatOf(format)) || tables.has(guessFormat(fileName ?? '').format ?? '');
}
