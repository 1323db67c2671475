import { sql } from 'drizzle-orm';
import type { FieldFault } from '#platform/errors.ts';
import type { City } from '../city.ts';
import type {
  BranchData,
  CategoryData,
  ClockKind,
  LeafData,
  QuestionData,
  QuestionValue,
  RequestClass,
} from '../city-data.ts';
import { flatText, isCode, present, reader } from './fields.ts';
import type { DataKind, Flat } from './kind.ts';
import { flatTerms, readTerms } from './terms.ts';
import { keptTogether } from './versions.ts';

export const requestClasses = [
  'urgent',
  'emergency',
  'ordinary',
  'question',
] as const satisfies readonly RequestClass[];
export const regimes = ['service', 'statutory'] as const;
export const visibilities = ['public', 'moderated', 'private'] as const;
export const precisions = ['exact', 'building', 'street', 'none'] as const;
export const evidences = ['none', 'after', 'before+after'] as const;
export const serviceTypes = ['realtime', 'batch', 'blackbox'] as const;
export const placeNeeds = ['place', 'building', 'asset', 'flat'] as const;
export const datatypes = [
  'string',
  'number',
  'datetime',
  'text',
  'singlevaluelist',
  'multivaluelist',
  'information',
] as const satisfies readonly QuestionData['datatype'][];
export const categoryClocks: readonly ClockKind[] = ['accept', 'arrive', 'fix', 'answer', 'statutory'];
/** Questions of one category at most. */
export const mostQuestions = 20;

const source = sql`select code as id, body, body->>'number' as sort from cc_category where valid_to is null`;

/** The tree of categories: branches NN and leaves NN.NN with everything that a leaf decides. */
export const categories: DataKind = {
  name: 'category',
  key: 'code',
  source,
  flat(body) {
    const one = body as unknown as CategoryData;
    const common = {
      kind: one.kind,
      code: one.code,
      parent: one.parent ?? '',
      number: one.number,
      ...flatText('name', one.name),
      ...flatText('description', one.description),
    };
    if (one.kind === 'branch') return common;
    return {
      ...common,
      keywords: one.keywords.join(', '),
      class: one.class,
      regime: one.regime ?? 'service',
      ...flatText('competence', one.competence),
      needs: (one.needs ?? ['place']).join(','),
      visibility: one.visibility ?? 'public',
      precision: one.precision ?? 'exact',
      evidence: one.evidence ?? 'none',
      access: one.access ? 'yes' : 'no',
      ...(one.duplicateRadius === undefined ? {} : { duplicateRadius: String(one.duplicateRadius) }),
      ...(one.clusterGroup ? { clusterGroup: one.clusterGroup } : {}),
      ...(one.verificationHours === undefined ? {} : { verificationHours: String(one.verificationHours) }),
      ...flatTerms('', one.terms, categoryClocks),
      ...flatText('notice', one.notice),
      ...flatText('stopper', one.stopper),
      type: one.type ?? 'realtime',
      ...(one.successor ? { successor: one.successor } : {}),
      ...Object.assign(
        {},
        ...(one.questions ?? []).map((question, index) => flatQuestion(question, index + 1)),
      ),
    };
  },
  body(flat, language) {
    const read = reader(flat, language);
    const common = {
      code: read.text('code'),
      parent: read.text('parent') || null,
      number: read.text('number'),
      name: read.both('name'),
      ...present({ description: read.maybeBoth('description') }),
    };
    if (read.text('kind') === 'branch') return { body: { kind: 'branch', ...common }, faults: read.faults };
    const regime = read.one('regime', regimes);
    const body = {
      kind: 'leaf',
      ...common,
      keywords: read.list('keywords'),
      class: read.one('class', requestClasses),
      needs: read.list('needs').filter((need) => placeNeeds.some((one) => one === need)),
      visibility: read.one('visibility', visibilities),
      precision: read.one('precision', precisions),
      evidence: read.one('evidence', evidences),
      access: read.text('access') === 'yes',
      type: read.one('type', serviceTypes),
      questions: readQuestions(read),
      ...present({
        regime: regime === 'statutory' ? regime : undefined,
        competence: read.maybeBoth('competence'),
        duplicateRadius: read.whole('duplicateRadius', 1, 5_000),
        clusterGroup: read.text('clusterGroup'),
        verificationHours: read.whole('verificationHours', 1, 2_160),
        terms: readTerms(read, '', categoryClocks),
        notice: read.maybeBoth('notice'),
        stopper: read.maybeBoth('stopper'),
        successor: read.text('successor'),
      }),
    };
    return { body, faults: read.faults };
  },
  faults(body, { city, previous, language }) {
    const one = body as unknown as CategoryData;
    const { faults, fault, t } = reader({}, language);
    if (!isCode(one.code)) fault('code', t.code);
    if (previous && previous.kind !== one.kind) fault('kind', t.kindFixed);
    const all: CategoryData[] = [
      ...city.branches.values(),
      ...[...city.leaves.values()].map(({ leaf }) => leaf),
    ];
    const twin = all.find((other) => other.number === one.number && other.code !== one.code);
    if (!(one.kind === 'branch' ? /^\d{2}(\.\d{2})?$/ : /^\d{2}(\.\d{2}){1,2}$/).test(one.number))
      fault('number', t.number);
    else if (twin) fault('number', t.numberTaken(one.number, twin.name[language]));
    const parent = one.parent === null ? null : city.branches.get(one.parent);
    if (parent === undefined) fault('parent', t.noBranch(one.parent!));
    else if (parent === null && one.kind === 'leaf') fault('parent', t.leafParent);
    else if (one.kind === 'branch' && isBelow(one.parent, one.code, city)) fault('parent', t.cycle);
    else if (parent && !one.number.startsWith(`${parent.number}.`))
      fault('number', t.numberOfParent(parent.number));
    if (one.kind === 'leaf') leafFaults(one, city, faults, t);
    return faults;
  },
  ...keptTogether('cc_category', async (work, entries) => {
    const now = work.clock.now().toISOString();
    for (const { id, body, version } of entries) {
      await work.tx.execute(
        sql`update cc_category set valid_to = ${now}::timestamptz where code = ${id} and valid_to is null`,
      );
      await work.tx.execute(sql`insert into cc_category (code, version, body, valid_from, author, author_name)
        values (${id}, ${version}, ${JSON.stringify(body)}::jsonb, ${now}::timestamptz, ${work.actor.id}, ${work.actor.name})`);
    }
  }),
};

/** Whether the branch is the other one or stands below it. */
function isBelow(branch: string | null, other: string, city: City): boolean {
  const seen = new Set<string>();
  for (let code = branch; code !== null && !seen.has(code); ) {
    if (code === other) return true;
    seen.add(code);
    code = (city.branches.get(code) as BranchData | undefined)?.parent ?? null;
  }
  return false;
}

type Words = ReturnType<typeof reader>['t'];

function leafFaults(leaf: LeafData, city: City, faults: FieldFault[], t: Words): void {
  const fault = (field: string, message: string) => faults.push({ field, message });
  if (leaf.successor === leaf.code) fault('successor', t.self);
  else if (leaf.successor) {
    const successor = city.leaves.get(leaf.successor)?.leaf;
    if (!successor) fault('successor', t.noCategory(leaf.successor));
    else if (successor.successor) fault('successor', t.retiredSuccessor(leaf.successor));
  }
  if (leaf.clusterGroup && !isCode(leaf.clusterGroup)) fault('clusterGroup', t.code);
  const q = t.question;
  const questions = leaf.questions ?? [];
  questions.forEach((question, index) => {
    const at = (field: string) => `q${index + 1}-${field}`;
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(question.code)) fault(at('code'), q.code);
    else if (questions.findIndex(({ code }) => code === question.code) < index)
      fault(at('code'), q.twice(question.code));
    const values = question.values ?? [];
    if (isList(question) && values.length === 0) fault(at('values'), q.noValues);
    const keys = values.map(({ key }) => key);
    const repeated = keys.find((key, i) => keys.indexOf(key) < i);
    if (repeated) fault(at('values'), q.keyTwice(repeated));
    const raises = values.find(
      ({ raisesTo }) => raisesTo && requestClasses.indexOf(raisesTo) >= requestClasses.indexOf(leaf.class),
    );
    if (raises) fault(at('values'), q.raises(raises.key));
    if (!question.showIf) return;
    const asked = questions.slice(0, index).find(({ code }) => code === question.showIf!.question);
    if (!asked || !isList(asked)) fault(at('showIf'), q.showIf(question.showIf.question));
    else if (question.showIf.in.length === 0) fault(at('showIn'), q.showInEmpty);
    else {
      const unknown = question.showIf.in.filter((key) => !asked.values?.some((value) => value.key === key));
      if (unknown.length) fault(at('showIn'), q.showIn(unknown.join(', ')));
    }
  });
}

const isList = ({ datatype }: QuestionData) =>
  datatype === 'singlevaluelist' || datatype === 'multivaluelist';

function flatQuestion(question: QuestionData, no: number): Flat {
  const at = `q${no}-`;
  return {
    [`${at}code`]: question.code,
    [`${at}datatype`]: question.datatype,
    [`${at}required`]: question.required ? 'yes' : 'no',
    ...flatText(`${at}description`, question.description),
    ...flatText(`${at}hint`, question.hint),
    ...(question.values
      ? {
          [`${at}values`]: question.values
            .map(({ key, name, raisesTo }) =>
              [key, name.uk, name.en, ...(raisesTo ? [raisesTo] : [])].join(' | '),
            )
            .join('\n'),
        }
      : {}),
    ...(question.showIf
      ? { [`${at}showIf`]: question.showIf.question, [`${at}showIn`]: question.showIf.in.join(', ') }
      : {}),
  };
}

/** Questions whose code is empty and that say nothing are left out: so one is taken away. */
function readQuestions(read: ReturnType<typeof reader>): QuestionData[] {
  const questions: QuestionData[] = [];
  for (let no = 1; no <= mostQuestions + 1; no++) {
    const at = `q${no}-`;
    if (!read.text(`${at}code`) && !read.text(`${at}description-uk`)) continue;
    const showIf = read.text(`${at}showIf`);
    const values = readValues(read, `${at}values`);
    questions.push({
      code: read.text(`${at}code`),
      datatype: read.one(`${at}datatype`, datatypes),
      ...(read.text(`${at}required`) === 'yes' ? { required: true } : {}),
      description: read.both(`${at}description`),
      ...present({ hint: read.maybeBoth(`${at}hint`) }),
      ...(values.length ? { values } : {}),
      ...(showIf ? { showIf: { question: showIf, in: read.list(`${at}showIn`) } } : {}),
    } as QuestionData);
  }
  return questions;
}

function readValues(read: ReturnType<typeof reader>, field: string): QuestionValue[] {
  const lines = read
    .text(field)
    .split('\n')
    .filter((line) => line.trim());
  return lines.map((line) => {
    const [key = '', uk = '', en = '', raised = ''] = line.split('|').map((part) => part.trim());
    const raisesTo = requestClasses.find((one) => one === raised);
    if (!/^[A-Za-z0-9_-]{1,60}$/.test(key) || !uk || !en || (raised && !raisesTo))
      read.fault(field, read.t.question.values);
    return { key, name: { uk, en }, ...(raisesTo ? { raisesTo } : {}) };
  });
}
