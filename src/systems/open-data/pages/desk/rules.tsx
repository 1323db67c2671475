import type { Context } from 'hono';
import { NotFound } from '#platform/errors.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Breadcrumbs,
  Button,
  Empty,
  Form,
  Notice,
  PageHead,
  Section,
  Table,
} from '#ui/index.ts';
import { findLoad } from '../../loading/loads.ts';
import { forgetRule, isAsking, switchRule } from '../../loading/remember.ts';
import type { LoadRule, RuleUse } from '../../loading/rules.ts';
import { here } from '../kit.tsx';
import { type FixText, fixText } from './fix-text.ts';
import { crumbs, TableFixes } from './fixing.tsx';
import { ownResource } from './own.ts';
import { deskText } from './text.ts';

/** `/open-data/desk/resource/{id}/rules`: what the portal does to each next file by itself. */
export function rules(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = fixText(at.language);
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const last = resource.load ? await findLoad(platform.db, resource.load) : null;
    const uses = new Map(last?.report?.rules.map((use) => [use.id, use]));
    const csrf = c.var.visit.csrfToken();
    const waits = resource.rules.some((rule) => isAsking(rule.fix) && !rule.fix.approvedBy && !rule.refused);
    return page(
      c,
      { title: words.remembered, shell: 'desk', width: 'wide' },
      <>
        <Breadcrumbs items={crumbs(at.href, deskText(at.language).desk, resource)} />
        <PageHead title={words.remembered} kicker={resource.name} lead={words.rememberedLead} />
        {waits && (
          <Notice title={words.asked}>
            <p>{words.askedWhy}</p>
          </Notice>
        )}
        <Table
          caption={words.remembered}
          quietCaption
          columns={[
            { key: 'fix', title: words.fix, header: true, cell: (rule) => words.does(rule.fix) },
            { key: 'author', title: words.author, cell: (rule) => rule.author },
            {
              key: 'state',
              title: words.state,
              cell: (rule) => <RuleState words={words} rule={rule} use={uses.get(rule.id)} />,
            },
            {
              key: 'act',
              title: words.act,
              cell: (rule) => (
                <Form
                  action={at.href(`/desk/resource/${resource.id}/rules/${rule.id}`)}
                  csrf={csrf}
                  label={words.does(rule.fix)}
                >
                  <Actions>
                    {!rule.refused && (
                      <Button look="quiet" size="small" name="act" value={rule.on ? 'off' : 'on'}>
                        {rule.on ? words.turnOff : words.turnOn}
                      </Button>
                    )}
                    <Button look="quiet" size="small" name="act" value="forget">
                      {words.forget}
                    </Button>
                  </Actions>
                </Form>
              ),
            },
          ]}
          rows={resource.rules}
          rowKey={(rule) => rule.id}
          empty={
            <Empty title={words.noRules} icon="check">
              <p>{words.noRulesWhy}</p>
            </Empty>
          }
        />
        <Section title={words.table}>
          <p>{words.tableLead}</p>
          <TableFixes words={words} action={at.href(`/desk/resource/${resource.id}/fix`)} csrf={csrf} />
        </Section>
      </>,
    );
  };
}

/** What became of a rule in the last file, and whether it holds. */
export function RuleState(props: { words: FixText; rule: LoadRule; use: RuleUse | undefined }) {
  const { words, rule, use } = props;
  if (rule.refused) return <Badge tone="danger">{words.refused(rule.refused)}</Badge>;
  if (!rule.on) return <Badge>{words.off}</Badge>;
  if (isAsking(rule.fix))
    return rule.fix.approvedBy ? (
      <Badge tone="good">{words.approved}</Badge>
    ) : (
      <Badge tone="warning">{words.waitsForOfficer}</Badge>
    );
  if (use?.matched === 0) return <Badge tone="warning">{words.matchedNothing}</Badge>;
  return use ? <Badge tone="good">{words.matched}</Badge> : null;
}

/** Switches a rule on or off, or forgets it. */
export function ruleAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const resource = await ownResource(platform, c, c.req.param('resource')!);
    const rule = c.req.param('rule')!;
    const act = (await c.req.formData()).get('act');
    await platform.work(c.var.visit.actor, async (work) => {
      if (act === 'forget') await forgetRule(work, resource.id, rule);
      else if (act === 'on' || act === 'off') await switchRule(work, resource.id, rule, act === 'on');
      else throw new NotFound('act');
    });
    return c.redirect(here(c).href(`/desk/resource/${resource.id}/rules`), 303);
  };
}
