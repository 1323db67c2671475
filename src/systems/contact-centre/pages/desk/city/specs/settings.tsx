import { requestClasses } from '../../../../city-editing/categories.ts';
import { ruleWords } from '../../../../rule-words.ts';
import { both, type FieldSpec, type KindSpec, termFields } from './kit.tsx';

/** What the city decides about itself. */
export const settingsSpec: KindSpec = {
  nameOf: (_, desk) => desk.words.kinds.settings,
  columns: () => [],
  groups(desk) {
    const f = desk.words.fields;
    const w = ruleWords(desk.at.language);
    return [
      {
        title: f.main,
        fields: [
          ...both('name', f.name, desk),
          { name: 'phone', label: f.centrePhone, hint: f.centrePhoneHint, width: 's' },
          {
            name: 'emergencyPhones',
            label: f.emergencyPhones,
            hint: f.emergencyPhonesHint,
            as: 'area',
            optional: true,
          },
          { name: 'jurisdiction', label: f.jurisdiction, hint: f.jurisdictionHint, width: 'm' },
          { name: 'zipcode', label: f.zipcode, optional: true, width: 's' },
          { name: 'authorMayPublish', label: f.authorMayPublish, as: 'check' },
        ],
      },
      {
        title: f.kept,
        lead: f.keptLead,
        fields: [
          ...(
            [
              'requestKeptMonths',
              'callKeptMonths',
              'draftDays',
              'checkPercent',
              'checkDays',
              'verificationHours',
              'urgentVerificationHours',
            ] as const
          ).map((name): FieldSpec => ({ name, label: f[name], width: 'xs' })),
          { name: 'quietFrom', label: f.quietFrom, hint: f.quietHint, width: 'xs' },
          { name: 'quietUntil', label: f.quietUntil, hint: f.quietHint, width: 'xs' },
        ],
      },
      {
        title: f.limits,
        fields: [
          { name: 'anonymousPerHour', label: f.anonymousPerHour, hint: f.anonymousHint, width: 's' },
          { name: 'contactPerDay', label: f.contactPerDay, hint: f.contactHint, width: 's' },
          {
            name: 'sharedAddresses',
            label: f.sharedAddresses,
            hint: f.sharedHint,
            optional: true,
            width: 'full',
          },
        ],
      },
      {
        title: f.place,
        folded: true,
        fields: [
          { name: 'centre', label: f.centre, hint: f.pointHint, width: 'm' },
          { name: 'southWest', label: f.southWest, hint: f.pointHint, width: 'm' },
          { name: 'northEast', label: f.northEast, hint: f.pointHint, width: 'm' },
        ],
      },
      ...requestClasses.map((one) => ({
        title: f.termsOf(w.classes[one]),
        fields: termFields(`${one}-`, ['accept', 'arrive', 'fix', 'answer'], desk),
      })),
    ];
  },
};
