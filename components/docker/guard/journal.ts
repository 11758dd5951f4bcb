import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { readIfThere, syncFolder, writeDurably } from "./durable-file";
import { type Log, textOf } from "./log";
import type { ServiceRecord } from "./record";
import { parseRecord } from "./schemas";

const ENDING = ".journal.json";

/** One file per service, replaced as a whole, with the copy before it beside it. What is not in it did not happen. */
export class Journal {
  private readonly folder: string;

  constructor(
    private readonly stateFolder: string,
    private readonly log: Log,
  ) {
    this.folder = join(stateFolder, "services");
    mkdirSync(this.folder, { recursive: true, mode: 0o750 });
  }

  /**
   * Every service. A file that cannot be read is set aside and the copy before it taken, with an error in the log.
   * Throws when there is no readable copy either: to go on would take the service's traffic down.
   */
  load(): ServiceRecord[] {
    const names = readdirSync(this.folder)
      .filter((name) => name.endsWith(ENDING) || name.endsWith(`${ENDING}.bak`))
      .map((name) => name.replace(/\.bak$/, "").slice(0, -ENDING.length));
    return [...new Set(names)].sort().map((service) => this.read(service));
  }

  save(record: ServiceRecord): void {
    const file = this.file(record.service);
    const before = readIfThere(file);
    if (before !== undefined) writeDurably(`${file}.bak`, before);
    writeDurably(file, JSON.stringify(record));
  }

  remove(service: string): void {
    // The copy goes first: a crash in between must not bring the service back.
    rmSync(`${this.file(service)}.bak`, { force: true });
    rmSync(this.file(service), { force: true });
    syncFolder(this.folder);
  }

  /** The API's secret, made at the first start. */
  token(): string {
    const file = join(this.stateFolder, "token");
    const known = readIfThere(file)?.trim();
    if (known !== undefined && known.length >= 43) return known;
    const token = randomBytes(32).toString("base64url");
    writeDurably(file, `${token}\n`, 0o600);
    return token;
  }

  private read(service: string): ServiceRecord {
    const file = this.file(service);
    const problems: string[] = [];
    for (const candidate of [file, `${file}.bak`]) {
      const text = readIfThere(candidate);
      if (text === undefined) continue;
      try {
        const record = parseRecord(text);
        if (record.service !== service) throw new Error(`it is of service ${record.service}`);
        if (candidate !== file) this.setAside(file, text, problems.join("; "));
        return record;
      } catch (error) {
        problems.push(textOf(error));
      }
    }
    throw new Error(
      `the journal of service "${service}" and its copy cannot be read (${problems.join("; ")}). The gateway goes on as ` +
        `it is. Restore ${file}, or remove it and its copy to have the service forgotten`,
    );
  }

  private setAside(file: string, copy: string, reason: string): void {
    const aside = `${file}.broken-${Date.now()}`;
    if (readIfThere(file) !== undefined) renameSync(file, aside);
    writeDurably(file, copy);
    this.log("error", "journal was broken: it is set aside, the copy before it is used", { file: aside, reason });
  }

  private file(service: string): string {
    return join(this.folder, `${service}${ENDING}`);
  }
}
