import { existsSync } from "node:fs";
import {
  type CheckAnswer,
  type CheckCall,
  type CreateCall,
  type DeleteCall,
  type DiffAnswer,
  type DiffCall,
  IncompleteResource,
  type Provider,
  type ReadAnswer,
  type ReadCall,
  type ResourceKey,
  type UpdateCall,
} from "../shared/provider";
import { isRecord, type Properties, UNKNOWN } from "../shared/wire";
import type { CloudCall, MemoryCloud } from "./cloud";
import { type CloudOperation, matches, type StoredFault } from "./fault";
import { plausible } from "./plausible/plausible";

/** Inputs that no cloud changes on a living object. */
const IMMUTABLE = ["name", "region", "location", "availabilityZone", "namespace"];
const PAUSE_LOOK_MILLIS = 50;

/** Serves any package and type from a cloud in a folder. */
export class MemoryProvider implements Provider {
  constructor(
    readonly version: string,
    private readonly cloud: MemoryCloud,
  ) {}

  async check(call: CheckCall): Promise<CheckAnswer> {
    return this.faulty("check", call, {}, async () => ({ inputs: call.inputs, failures: [] }));
  }

  async diff(call: DiffCall): Promise<DiffAnswer> {
    return this.faulty("diff", call, { id: call.id }, async () => {
      const keys = [...new Set([...Object.keys(call.oldInputs), ...Object.keys(call.inputs)])];
      const changed = keys.filter((key) => stable(call.oldInputs[key]) !== stable(call.inputs[key]));
      const replaces = changed.filter((key) => isImmutable(key, call.oldInputs[key], call.inputs[key]));
      return { changed, replaces, deleteBeforeReplace: false };
    });
  }

  async create(call: CreateCall): Promise<{ id: string; outputs: Properties }> {
    if (call.preview) {
      this.cloud.record({ ...place("create", call), preview: true });
      return { id: "", outputs: { ...unknownsOf(call), ...call.inputs } };
    }
    let made: { id: string; outputs: Properties } | undefined;
    const incomplete = (message: string) => {
      if (made !== undefined) throw new IncompleteResource(message, made.id, made.outputs);
    };
    return this.faulty(
      "create",
      call,
      {},
      async () => {
        made = this.freshIdentity(call);
        this.cloud.put({ ...made, urn: call.urn, type: call.type, name: call.name, inputs: call.inputs });
        return made;
      },
      incomplete,
    );
  }

  async read(call: ReadCall): Promise<ReadAnswer | undefined> {
    return this.faulty("read", call, { id: call.id }, async () => {
      const object = this.cloud.get(call.type, call.id);
      if (object === undefined) return undefined;
      const inputs = Object.keys(call.inputs).length > 0 ? call.inputs : object.inputs;
      const current = Object.keys(inputs).map((key) => [
        key,
        key in object.outputs ? object.outputs[key] : inputs[key],
      ]);
      return { id: call.id, inputs: Object.fromEntries(current), outputs: object.outputs };
    });
  }

  async update(call: UpdateCall): Promise<Properties> {
    const outputs = { ...call.oldOutputs, ...call.inputs };
    for (const key of Object.keys(call.oldInputs)) if (!(key in call.inputs)) delete outputs[key];
    if (call.preview) {
      this.cloud.record({ ...place("update", call), id: call.id, preview: true });
      return outputs;
    }
    const incomplete = (message: string) => {
      throw new IncompleteResource(message, call.id, outputs);
    };
    return this.faulty(
      "update",
      call,
      { id: call.id },
      async () => {
        if (this.cloud.get(call.type, call.id) === undefined) {
          throw new Error(`${call.type} "${call.name}" (${call.id}) does not exist any more. Run pulumi refresh.`);
        }
        this.cloud.put({ id: call.id, urn: call.urn, type: call.type, name: call.name, inputs: call.inputs, outputs });
        return outputs;
      },
      incomplete,
    );
  }

  async delete(call: DeleteCall): Promise<void> {
    await this.faulty("delete", call, { id: call.id }, async () => this.cloud.remove(call.type, call.id));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    const kind = token.split(":").pop() ?? token;
    const { id, outputs } = plausible(token.replace(/:get([A-Z])/, ":$1"), kind, args, stable(args));
    return { id, ...outputs, ...args };
  }

  /** A replacement stands beside its predecessor, so it gets another identity. */
  private freshIdentity(call: CreateCall): { id: string; outputs: Properties } {
    for (let generation = 0; ; generation++) {
      const made = plausible(call.type, call.name, call.inputs, `${call.urn}\0${generation}`);
      const taken = this.cloud.get(call.type, made.id);
      if (taken === undefined) return { id: made.id, outputs: { ...made.outputs, ...call.inputs } };
      // A name the program chose gives the same id again: the cloud refuses the second object.
      const next = plausible(call.type, call.name, call.inputs, `${call.urn}\0${generation + 1}`);
      if (next.id === made.id)
        throw new Error(`${call.type} "${call.name}" cannot be created: ${made.id} exists already.`);
    }
  }

  private async faulty<T>(
    operation: CloudOperation,
    call: ResourceKey,
    more: Pick<CloudCall, "id">,
    work: () => Promise<T>,
    incomplete?: (message: string) => void,
  ): Promise<T> {
    this.cloud.record({ ...place(operation, call), ...more });
    const faults = this.faultsOf(operation, call);
    for (const fault of faults) if (fault.when !== "after" && fault.action.do !== "partial") await strike(fault);
    const result = await work();
    for (const fault of faults) {
      if (fault.action.do === "partial") incomplete?.(fault.action.message);
      else if (fault.when === "after") await strike(fault);
    }
    return result;
  }

  private faultsOf(operation: CloudOperation, call: ResourceKey): StoredFault[] {
    const known = this.cloud
      .faults()
      .filter((fault) => matches(fault, { operation, type: call.type, name: call.name }));
    if (known.length === 0) return [];
    const calls = this.cloud.calls(operation).filter((past) => past.preview !== true);
    return known.filter(
      (fault) =>
        fault.nth === undefined || calls.filter((past) => matches(fault, past)).length - fault.seen === fault.nth,
    );
  }
}

async function strike({ action }: StoredFault): Promise<void> {
  if (action.do === "error") throw new Error(action.message);
  if (action.do === "crash") process.kill(process.pid, "SIGKILL");
  if (action.do === "hang") await new Promise(() => {});
  if (action.do === "pause") {
    while (!existsSync(action.file)) await new Promise((resolve) => setTimeout(resolve, PAUSE_LOOK_MILLIS));
  }
}

function place(operation: CloudOperation, { urn, type, name }: ResourceKey): CloudCall {
  return { operation, urn, type, name };
}

function unknownsOf(call: CreateCall): Properties {
  const { outputs } = plausible(call.type, call.name, call.inputs, call.urn);
  return Object.fromEntries(Object.keys(outputs).map((key) => [key, UNKNOWN]));
}

function isImmutable(key: string, old: unknown, now: unknown): boolean {
  if (IMMUTABLE.includes(key)) return true;
  if (key !== "metadata" || !isRecord(old) || !isRecord(now)) return false;
  return old.name !== now.name || old.namespace !== now.namespace;
}

/** JSON with sorted keys: the engine promises no order. */
function stable(value: unknown): string {
  return (
    JSON.stringify(value, (_, item: unknown) =>
      isRecord(item) ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1))) : item,
    ) ?? ""
  );
}
