import type { Config } from '../config/index.ts';
import { standardLog } from '../http/log.ts';
import { FileFault } from './faults.ts';
import type { Scan } from './index.ts';
import { ScanUnavailable, scannerOf } from './scan.ts';

/**
 * Asks the antivirus about content before it is kept. Without a verdict the setting decides: `require` refuses, `warn`
 * takes the file and marks it.
 *
 * @throws FileFault `infected`, or `unscanned` where a verdict is required.
 */
export async function checkContent(config: Config, content: Uint8Array): Promise<Scan> {
  const scanner = scannerOf(config);
  try {
    const verdict = scanner ? await scanner.scan(content) : null;
    if (verdict && !verdict.clean) throw new FileFault('infected', { found: verdict.found });
    if (verdict) return 'clean';
  } catch (error) {
    if (!(error instanceof ScanUnavailable)) throw error;
    standardLog({ level: 'warn', event: 'file-scan', code: 'unavailable' });
  }
  if (config.fileScan === 'require') throw new FileFault('unscanned');
  return 'not scanned';
}
