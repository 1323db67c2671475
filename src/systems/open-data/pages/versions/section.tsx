import type { Platform } from '#platform/system.ts';
import { Section } from '#ui/index.ts';
import { keptProfile } from '../../columnar/profile.ts';
import { reportOf } from '../../columnar/reports.ts';
import { servedVersion, versionsOf } from '../../versions.ts';
import type { Here, ServedResource } from '../kit.tsx';
import { VersionTable } from './kit.tsx';
import { ColumnProfiles } from './profile.tsx';
import { RepairReport, ValidationReport } from './reports.tsx';
import { versionText } from './text.ts';

/** Versions that the page of a resource shows; the list has all. */
const newest = 5;
/** Errors of cells; the page of the version draws more, and the file has all. */
const fewErrors = 5;

/** What the page of a resource tells of its versions: what the columns hold, what was found and repaired in the file, and the newest versions. */
export async function versionSections(
  platform: Platform,
  at: Here,
  page: { readonly path: string; readonly resource: ServedResource; readonly seesAll: boolean },
) {
  const own = versionText(at.language);
  const { resource, path, seesAll } = page;
  const [versions, served] = await Promise.all([
    versionsOf(platform.db, resource.id, { open: !seesAll, limit: newest }),
    servedVersion(platform.db, resource.id),
  ]);
  if (versions.length === 0) return null;
  const shown = served && !served.takenDownAt && (seesAll || served.openedAt) ? served : null;
  const [profile, report] = shown
    ? await Promise.all([keptProfile(platform, shown), reportOf(platform.db, shown)])
    : [null, null];
  return (
    <>
      {shown?.parquetSha256 && <ColumnProfiles at={at} own={own} profile={profile} />}
      <Section title={own.versions}>
        <VersionTable at={at} own={own} path={path} versions={versions} served={served} />
        <p>
          <a href={at.href(`${path}/versions`)}>{own.all}</a>
        </p>
      </Section>
      {shown && report && shown.source !== 'rows' && (
        <>
          <ValidationReport at={at} own={own} version={shown} report={report} most={fewErrors} />
          <RepairReport at={at} own={own} version={shown} report={report} />
        </>
      )}
    </>
  );
}
