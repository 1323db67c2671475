import { Absent } from '../../../faults.ts';
import { licences } from '../../../licences.ts';
import { changeSettings, readSettings, type SettingKey, usualSettings } from '../../../settings.ts';
import { type Action, type Actions, reading, writing } from '../action.ts';
import { needed } from '../parameters.ts';

/** The portal itself. @param find an action by its name, for `help_show` */
export const siteActionsOf = (find: (name: string) => Action | undefined): Actions => ({
  status_show: reading({
    about: 'What this portal is and can do.',
    async run({ db, site }) {
      const { values } = await readSettings(db);
      return {
        ckan_version: values['ckan.version'],
        site_url: site,
        site_description: values['ckan.site_description'],
        site_title: values['ckan.site_title'],
        error_emails_to: values.email_to || null,
        locale_default: values['ckan.locale_default'],
        extensions: ['activity', 'datastore', 'dcat'],
      };
    },
  }),
  site_read: reading({ about: 'Whether the caller may read the portal.', run: async () => true }),
  help_show: reading({
    about: 'What an action does, and what it takes.',
    parameters: { name: needed },
    async run(_, { name }) {
      const action = find(name);
      if (!action) throw new Absent(`Action ${name} was not found.`);
      const taken = Object.entries(action.parameters).map(
        ([key, parameter]) => `:param ${key}: ${parameter.kind}${parameter.needed ? ', required' : ''}`,
      );
      const how = action.reads
        ? 'GET or POST'
        : `POST; ${action.access === 'officer' ? 'sysadmin' : 'with a token'}`;
      return [action.about, how, ...taken].join('\n');
    },
  }),
  license_list: reading({ about: 'The licences a dataset may have.', run: async () => licences }),
  config_option_list: reading({
    about: 'The settings that may be changed.',
    access: 'officer',
    run: async () => Object.keys(usualSettings),
  }),
  config_option_show: reading({
    about: 'One setting.',
    access: 'officer',
    parameters: { key: needed },
    async run({ db }, { key }) {
      const { values } = await readSettings(db);
      if (!(key in values)) throw new Absent();
      return values[key as SettingKey];
    },
  }),
  config_option_update: writing({
    about: 'Changes settings.',
    access: 'officer',
    async run(call) {
      await call.work((work) => changeSettings(work, call.sent));
      return Object.fromEntries(Object.entries(call.sent).map(([key, value]) => [key, String(value)]));
    },
  }),
});
