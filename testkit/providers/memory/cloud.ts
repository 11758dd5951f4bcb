import { createHash } from "node:crypto";
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type CloudOperation, type Fault, matches, type StoredFault } from "./fault";

export interface CloudObject {
  id: string;
  urn: string;
  type: string;
  name: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

export interface CloudCall {
  operation: CloudOperation;
  urn: string;
  type: string;
  name: string;
  /** Absent before the object has one. */
  id?: string;
  preview?: true;
}

/** A cloud in a folder: the memory provider's objects, the calls it received, and the faults it is to have. */
export class MemoryCloud {
  constructor(readonly folder: string) {
    mkdirSync(this.objectFolder, { recursive: true, mode: 0o700 });
  }

  /** Everything that exists now, whatever the engine's state says of it. */
  objects(): CloudObject[] {
    return readdirSync(this.objectFolder)
      .filter((file) => file.endsWith(".json"))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(this.objectFolder, file), "utf8")) as CloudObject);
  }

  get(type: string, id: string): CloudObject | undefined {
    const file = this.fileOf(type, id);
    return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as CloudObject) : undefined;
  }

  put(object: CloudObject): void {
    const file = this.fileOf(object.type, object.id);
    // Moved into place: an object is there whole, or not at all.
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(object, undefined, 2), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  }

  /** Removes an object; from a test, this is a deletion behind the engine's back. */
  remove(type: string, id: string): void {
    rmSync(this.fileOf(type, id), { force: true });
  }

  /** Changes an object behind the engine's back. */
  drift(type: string, id: string, change: Record<string, unknown>): void {
    const object = this.get(type, id);
    if (object === undefined) throw new Error(`The memory cloud has no ${type} with id ${id}.`);
    this.put({ ...object, outputs: { ...object.outputs, ...change } });
  }

  /** Every call so far, in order, of this run and of earlier ones. Secrets are not among what is recorded. */
  calls(operation?: CloudOperation): CloudCall[] {
    if (!existsSync(this.callFile)) return [];
    const lines = readFileSync(this.callFile, "utf8")
      .split("\n")
      .filter((line) => line !== "");
    const calls = lines.map((line) => JSON.parse(line) as CloudCall);
    return operation === undefined ? calls : calls.filter((call) => call.operation === operation);
  }

  record(call: CloudCall): void {
    appendFileSync(this.callFile, `${JSON.stringify(call)}\n`, { mode: 0o600 });
  }

  /** Scripts a fault; it stays until `clearFaults`. */
  fault(fault: Fault): void {
    const seen = this.calls().filter((call) => call.preview !== true && matches(fault, call)).length;
    writeFileSync(this.faultFile, JSON.stringify([...this.faults(), { ...fault, seen }]));
  }

  clearFaults(): void {
    rmSync(this.faultFile, { force: true });
  }

  faults(): StoredFault[] {
    return existsSync(this.faultFile) ? (JSON.parse(readFileSync(this.faultFile, "utf8")) as StoredFault[]) : [];
  }

  private get objectFolder(): string {
    return join(this.folder, "objects");
  }

  private get callFile(): string {
    return join(this.folder, "calls.jsonl");
  }

  private get faultFile(): string {
    return join(this.folder, "faults.json");
  }

  private fileOf(type: string, id: string): string {
    return join(this.objectFolder, `${createHash("sha256").update(`${type}\0${id}`).digest("hex").slice(0, 32)}.json`);
  }
}
