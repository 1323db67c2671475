import type { Context } from 'hono';
import { z } from 'zod';
import type { FieldFault } from '#platform/errors.ts';
import { NotFound } from '#platform/errors.ts';
import { readForm } from '#platform/http/forms.ts';
import { page } from '#platform/http/page.tsx';
import type { MistoEnv, Platform } from '#platform/system.ts';
import {
  Actions,
  Badge,
  Breadcrumbs,
  Button,
  Card,
  ErrorSummary,
  Form,
  fieldId,
  LinkButton,
  PageHead,
  Section,
  TextInput,
} from '#ui/index.ts';
import { loadAtOnce } from '../../loading/at-once.ts';
import { isOfficer } from '../../permissions.ts';
import { qualityText } from '../../quality/words.ts';
import { createResource, patchResource } from '../../resources.ts';
import { may } from '../../rights.ts';
import { Passport, titleOf } from '../dataset.tsx';
import { extraOf, type Here, here, type ServedDataset } from '../kit.tsx';
import { datasetFor } from '../reads.ts';
import { checkTableTitle } from './check-table.tsx';
import { columnTextsTitle } from './column-texts.tsx';
import { FileField } from './file-field.tsx';
import { fixText } from './fix-text.ts';
import { ObligationSection, obligationChoices } from './obligation-field.tsx';
import { PromiseSection } from './promise.tsx';
import { lastLoads } from './reads.ts';
import { deskText } from './text.ts';
import { uploadIn } from './uploading.ts';

async function own(
  platform: Platform,
  c: Context<MistoEnv>,
  at: Here,
): Promise<{ found: ServedDataset; due: string | null }> {
  const { row, dataset } = await datasetFor(platform, c, at, c.req.param('dataset')!);
  // Whoever may only read it has no business at this desk.
  if (!(await may(platform.db, c.var.visit.actor, 'write', row))) throw new NotFound('dataset');
  return { found: dataset, due: row.due_at };
}

/** `/open-data/desk/dataset/{name}`: the files of a dataset with what became of them, and the way to send the next one. */
export const dataset = (platform: Platform) => (c: Context<MistoEnv>) => draw(platform, c);

/** A file for a new resource, or the next one of a resource that is there. */
export function fileAnswer(platform: Platform) {
  return async (c: Context<MistoEnv>) => {
    const at = here(c);
    const words = deskText(at.language);
    const { found } = await own(platform, c, at);
    const { values, faults } = await readForm(c, z.object({}));
    const upload = (await uploadIn(platform, c, 'next')) ?? (await uploadIn(platform, c, 'file'));
    const { resource, name } = values;
    if (faults.length > 0) return draw(platform, c, faults);
    if (!upload)
      return draw(platform, c, [
        {
          field: resource ? `next-${resource}` : 'file',
          message: words.chooseFile,
        },
      ]);
    upload.note = (values.note ?? '').slice(0, 1_000).toWellFormed();
    await platform.work(c.var.visit.actor, async (work) => {
      if (resource) {
        if (!found.resources.some((one) => one.id === resource)) throw new NotFound('resource');
        await patchResource(work, resource, { upload });
        return;
      }
      await createResource(work, {
        package_id: found.id,
        name: name ? name.slice(0, 254) : upload.name,
        upload,
      });
    });
    await loadAtOnce(platform, [upload]);
    return c.redirect(
      at.href(upload.load ? `/desk/load/${upload.load}` : `/desk/dataset/${found.name}`),
      303,
    );
  };
}

async function draw(platform: Platform, c: Context<MistoEnv>, faults: readonly FieldFault[] = []) {
  const at = here(c);
  const words = deskText(at.language);
  const { found, due } = await own(platform, c, at);
  const [loads, choices] = await Promise.all([lastLoads(platform.db, found.id), obligationChoices(platform)]);
  const action = at.href(`/desk/dataset/${found.name}/files`);
  const csrf = c.var.visit.csrfToken();
  return page(
    c,
    { title: found.title, shell: 'desk', width: 'wide', faults },
    <>
      <Breadcrumbs items={[{ title: words.desk, href: at.href('/desk') }]} />
      <PageHead
        title={found.title}
        actions={
          <>
            <LinkButton look="secondary" href={at.href(`/dataset/${found.name}`)}>
              {words.look}
            </LinkButton>
            <LinkButton look="secondary" href={at.href(`/desk/dataset/${found.name}/quality`)}>
              {qualityText(at.language).quality}
            </LinkButton>
          </>
        }
      />
      <ErrorSummary faults={faults} />
      <Section title={words.files}>
        {found.resources.map((resource) => (
          <Card
            key={resource.id}
            title={titleOf(resource)}
            href={at.href(`/dataset/${found.name}/resource/${resource.id}`)}
            aside={
              resource.load_status && (
                <Badge
                  tone={
                    resource.load_status === 'failed' || resource.load_status === 'blocked'
                      ? 'danger'
                      : resource.load_status === 'indexed' || resource.load_status === 'switched'
                        ? 'good'
                        : 'info'
                  }
                >
                  {words.loadStates[resource.load_status] ?? resource.load_status}
                </Badge>
              )
            }
          >
            <p>
              {loads.has(resource.id) && (
                <>
                  <a href={at.href(`/desk/load/${loads.get(resource.id)}`)}>{words.report}</a>
                  {' · '}
                </>
              )}
              <a href={at.href(`/desk/resource/${resource.id}/columns`)}>{columnTextsTitle(at.language)}</a>
              {' · '}
              <a href={at.href(`/desk/resource/${resource.id}/table`)}>{checkTableTitle(at.language)}</a>
              {' · '}
              <a href={at.href(`/desk/resource/${resource.id}/rules`)}>{fixText(at.language).remembered}</a>
            </p>
            {isOfficer(c.var.visit.actor) && (
              <p>
                <a href={at.href(`/desk/resource/${resource.id}/takedown`)}>{words.takeDown}</a>
              </p>
            )}
            {resource.url_type === 'upload' && (
              <Form
                action={action}
                csrf={csrf}
                hidden={{ resource: resource.id }}
                multipart
                label={words.nextVersionOf(titleOf(resource))}
              >
                <FileField
                  at={at}
                  name="next"
                  id={fieldId(`next-${resource.id}`)}
                  label={words.nextVersion}
                  error={faults.find((fault) => fault.field === `next-${resource.id}`)?.message}
                />
                <TextInput
                  name="note"
                  id={fieldId(`note-${resource.id}`)}
                  label={words.note}
                  hint={words.noteHint}
                  required={false}
                />
                <Button type="submit" look="secondary">
                  {words.send}
                </Button>
              </Form>
            )}
          </Card>
        ))}
      </Section>
      <PromiseSection
        at={at}
        name={found.name}
        title={found.title}
        due={due}
        frequency={extraOf(found, 'update_frequency')}
        now={platform.clock.now()}
        csrf={csrf}
        confirmed={c.req.query('confirmed') !== undefined}
      />
      <Section title={words.addFile}>
        <Form action={action} csrf={csrf} faults={faults} multipart label={words.addFile}>
          <FileField at={at} name="file" label={words.file} hint={words.fileHint} />
          <TextInput name="name" label={words.fileName} />
          <Actions>
            <Button type="submit">{words.publish}</Button>
          </Actions>
        </Form>
      </Section>
      <ObligationSection
        at={at}
        name={found.name}
        choices={choices}
        value={extraOf(found, 'obligation')}
        csrf={csrf}
      />
      <Section title={at.text.passport}>
        <Passport at={at} found={found} />
        <Actions>
          <LinkButton look="secondary" href={at.href(`/desk/dataset/${found.name}/passport`)}>
            {words.editPassport}
          </LinkButton>
        </Actions>
      </Section>
    </>,
  );
}
