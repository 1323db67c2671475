import { resolve } from 'node:path';
import { readConfig } from '#platform/config/index.ts';
import { cityDataOf, writeCityFolder } from '../systems/contact-centre/city-files.ts';
import { type Command, positional } from './command.ts';

export const command: Command = {
  usage: 'DIRECTORY',
  summary: 'writes the data of the city that MISTO_CITY names (dnipro) as files: a pattern for another city',
  async run(args) {
    const [directory] = positional(args, 'DIRECTORY');
    const folder = resolve(directory);
    const city = readConfig({ MISTO_MODE: 'test', MISTO_CITY: process.env.MISTO_CITY }).city;
    writeCityFolder((await cityDataOf({ city }))!, folder);
    console.log(
      `${folder}: change what is in the files, then start with MISTO_CITY=${folder} (docs/city-data.md)`,
    );
  },
};
