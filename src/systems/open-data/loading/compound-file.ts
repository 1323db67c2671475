import { LoadFault } from './faults.ts';

/** The streams of a compound file (MS-CFB): how workbooks were kept before they were archives. */
export class CompoundFile {
  private readonly bytes: Buffer;
  private readonly sectorSize: number;
  private readonly miniSize: number;
  private readonly table: number[] = [];
  private readonly miniTable: number[];
  private readonly miniStream: Buffer;
  private readonly entries: readonly {
    readonly name: string;
    readonly start: number;
    readonly size: number;
    readonly type: number;
  }[];

  /** @throws LoadFault `workbook-broken` */
  constructor(bytes: Buffer) {
    this.bytes = bytes;
    try {
      this.sectorSize = 1 << bytes.readUInt16LE(30);
      this.miniSize = 1 << bytes.readUInt16LE(32);
      if (this.sectorSize < 128 || this.sectorSize > 65_536) throw new LoadFault('workbook-broken');
      for (const sector of this.tableSectors())
        for (let at = 0; at < this.sectorSize; at += 4) this.table.push(this.sector(sector).readUInt32LE(at));
      const directory = this.chain(bytes.readUInt32LE(48));
      const entries = [];
      for (let at = 0; at + 128 <= directory.length; at += 128) {
        const length = Math.max(0, directory.readUInt16LE(at + 64) - 2);
        entries.push({
          name: directory.toString('utf16le', at, at + length),
          type: directory[at + 66]!,
          start: directory.readUInt32LE(at + 116),
          size: directory.readUInt32LE(at + 120),
        });
      }
      this.entries = entries;
      const root = entries.find(({ type }) => type === 5);
      this.miniStream = root && root.size > 0 ? this.chain(root.start) : Buffer.alloc(0);
      const mini = bytes.readUInt32LE(60);
      const miniBytes = mini < lastSector ? this.chain(mini) : Buffer.alloc(0);
      this.miniTable = Array.from({ length: miniBytes.length / 4 }, (_, n) => miniBytes.readUInt32LE(4 * n));
    } catch (error) {
      throw error instanceof LoadFault ? error : new LoadFault('workbook-broken');
    }
  }

  /** The bytes of a stream by its name, or null. */
  stream(name: string): Buffer | null {
    const entry = this.entries.find((one) => one.type === 2 && one.name === name);
    if (!entry) return null;
    const small = entry.size < this.bytes.readUInt32LE(56);
    const whole = small ? this.miniChain(entry.start) : this.chain(entry.start);
    return whole.subarray(0, entry.size);
  }

  private *tableSectors(): Generator<number> {
    for (let n = 0; n < 109; n += 1) {
      const sector = this.bytes.readUInt32LE(76 + 4 * n);
      if (sector < lastSector) yield sector;
    }
    let more = this.bytes.readUInt32LE(68);
    for (let steps = 0; more < lastSector && steps < 100_000; steps += 1) {
      const list = this.sector(more);
      for (let at = 0; at < this.sectorSize - 4; at += 4) {
        const sector = list.readUInt32LE(at);
        if (sector < lastSector) yield sector;
      }
      more = list.readUInt32LE(this.sectorSize - 4);
    }
  }

  private sector(n: number): Buffer {
    const at = (n + 1) * this.sectorSize;
    const sector = this.bytes.subarray(at, at + this.sectorSize);
    if (sector.length === 0) throw new LoadFault('workbook-broken');
    return sector.length === this.sectorSize
      ? sector
      : Buffer.concat([sector, Buffer.alloc(this.sectorSize - sector.length)]);
  }

  private chain(start: number): Buffer {
    const sectors: Buffer[] = [];
    for (let at = start; at < lastSector; at = this.table[at] ?? lastSector) {
      sectors.push(this.sector(at));
      if (sectors.length > this.table.length) throw new LoadFault('workbook-broken');
    }
    return Buffer.concat(sectors);
  }

  private miniChain(start: number): Buffer {
    const sectors: Buffer[] = [];
    for (let at = start; at < lastSector; at = this.miniTable[at] ?? lastSector) {
      sectors.push(this.miniStream.subarray(at * this.miniSize, (at + 1) * this.miniSize));
      if (sectors.length > this.miniTable.length) throw new LoadFault('workbook-broken');
    }
    return Buffer.concat(sectors);
  }
}

/** Numbers from here on name no sector: end of a chain, free, and the like. */
const lastSector = 0xfffffffa;
