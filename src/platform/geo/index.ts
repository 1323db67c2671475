export { plainHouse, readAddress, type StreetType, streetTypes, type TypedAddress } from './address.ts';
export { type Area, areaAt, covers, isInside, type Ring } from './areas.ts';
export { type CityBox, isNearCity, isSwapped } from './city-box.ts';
export { type AreaCollection, type AreaFeature, fromGeoJson, type ReadArea, toGeoJson } from './geojson.ts';
export { fromMetres, type Metres, type Point, type Position, pointText, toMetres } from './metres.ts';
export { type Near, near } from './near.ts';
export { soundOf } from './sound.ts';
