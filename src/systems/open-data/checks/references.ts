/** A column that names a row of another table of its appendix. */
export interface Reference {
  /** `835/36/operators`. */
  readonly table: string;
  readonly column: string;
}

/**
 * Which columns of the official tables name rows of another table of their appendix. The standard says it in words only: a column
 * called after a table, of the type of its identifier.
 */
const said = `
2  posts.unitId                     organizationUnits.uid
2  posts.orgId                      organizations.Id
21 permissions.distributorId         distributors.id
21 permissionsLocality.distributorId distributors.id
22 additionalDocuments.contractUid   contracts.uid
29 motions.sessionUid               sessions.uid
29 sessions.convocationUid          convocations.uid
29 voteEvents.motionUid             motions.uid
29 votings.motionUid                motions.uid
32 norms.buildingUid                buildings.uid
34 votings.motionUid                petitions.uid
35 votings.projectUid               projects.uid
36 parkingLots.operatorId           operators.id
43 addresses.territoryuid           territories.uid
55 routes.agencyId                  agency.id
56 calendarDates.serviceUid         calendar.serviceUid
56 trips.serviceUid                 calendar.serviceUid
56 stopTimes.tripUid                trips.uid
62 amendments.programId             programs.uid
62 reports.programId                programs.uid
66 airAnalysis.landfillUid          landfill.uid
66 transportation.landfillUid       landfill.uid
76 specifications.providerId        provider.Id
`;

const references = new Map(
  said
    .trim()
    .split('\n')
    .map((line): [string, Reference] => {
      const [appendix, from, to] = line.split(/\s+/) as [string, string, string];
      const [table, column] = to.split('.') as [string, string];
      return [`835/${appendix}/${from}`, { table: `835/${appendix}/${table}`, column }];
    }),
);

/** @param column such as `835/36/parkingLots.operatorId` */
export const referenceOf = (column: string): Reference | null => references.get(column) ?? null;
