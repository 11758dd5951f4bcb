import { autoname, DEFAULTS, isAutonamed } from "../shared/autoname";
import type { CheckAnswer, CheckCall, DiffAnswer, DiffCall, Provider, ResourceKey } from "../shared/provider";
import { object, type Problem, problems, sameValue } from "../shared/shape";
import { hasUnknown, type Properties, UNKNOWN } from "../shared/wire";
import { connect, type DockerClient, reasonOf } from "./client";
import { type DockerConfig, readConfig } from "./config";
import type { DockerResource } from "./resource";
import { resourceOf } from "./types";

/** The docker package on the Docker Engine API, for the types this library uses. */
export class DockerProvider implements Provider {
  private config: DockerConfig | undefined;
  private client: Promise<DockerClient> | undefined;

  constructor(readonly version: string) {}

  configure(args: Properties): void {
    this.config = readConfig(args, process.env);
    this.client = undefined;
  }

  async check(call: CheckCall): Promise<CheckAnswer> {
    const resource = resourceOf(call.type);
    const { [DEFAULTS]: _, ...given } = call.inputs;
    const shape = object(
      Object.fromEntries(Object.entries(resource.fields).map(([key, field]) => [key, field.shape])),
      resource.required,
    );
    const found = problems(shape, given);
    if (found.length > 0) return { inputs: call.inputs, failures: asFailures(call, found) };
    const named = { ...call, inputs: resource.autonamed ? autoname(call) : given };
    const { inputs, failures } = (await resource.prepare?.(named)) ?? { inputs: named.inputs, failures: [] };
    return { inputs, failures: asFailures(call, failures) };
  }

  async diff(call: DiffCall): Promise<DiffAnswer> {
    const resource = resourceOf(call.type);
    const changed = Object.entries(resource.fields)
      .filter(([key, field]) => {
        const [old, now] = [call.oldInputs[key] ?? field.default, call.inputs[key] ?? field.default];
        return !sameValue(field.shape, old, now) && resource.ignores?.(key, old, now) !== true;
      })
      .map(([key]) => key);
    for (const key of resource.drift?.(call) ?? []) if (!changed.includes(key)) changed.push(key);
    const replaces = changed.filter((key) => resource.fields[key]?.on === "replace");
    // A name that the program chose is taken until the old object is gone.
    const nameTaken = resource.autonamed && !isAutonamed(call.inputs) && call.inputs.name === call.oldInputs.name;
    return {
      changed,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && (resource.deleteBeforeReplace || nameTaken),
    };
  }

  async create(call: Parameters<Provider["create"]>[0]): Promise<{ id: string; outputs: Properties }> {
    const resource = resourceOf(call.type);
    if (call.preview && (resource.runsInPreview?.(call.inputs) !== true || hasUnknown(call.inputs))) {
      return { id: "", outputs: planned(resource, call.inputs, {}) };
    }
    return this.attempt(call, async (docker, config) => {
      const { id, outputs } = await resource.create(withoutMarks(call), { docker, config });
      return { id, outputs: { ...echoed(resource, call.inputs), ...outputs } };
    });
  }

  async read(call: Parameters<Provider["read"]>[0]): ReturnType<Provider["read"]> {
    const resource = resourceOf(call.type);
    return this.attempt(call, async (docker, config) => {
      const found = await resource.read(call, { docker, config });
      if (found === undefined) return undefined;
      return { ...found, outputs: { ...call.outputs, ...echoed(resource, found.inputs), ...found.outputs } };
    });
  }

  async update(call: Parameters<Provider["update"]>[0]): Promise<Properties> {
    const resource = resourceOf(call.type);
    if (call.preview && (resource.runsInPreview?.(call.inputs) !== true || hasUnknown(call.inputs))) {
      return planned(resource, call.inputs, resource.runsInPreview === undefined ? call.oldOutputs : {});
    }
    return this.attempt(call, async (docker, config) => {
      const outputs = await resource.update(withoutMarks(call), { docker, config });
      return { ...echoed(resource, call.inputs), ...outputs };
    });
  }

  async delete(call: Parameters<Provider["delete"]>[0]): Promise<void> {
    const resource = resourceOf(call.type);
    await this.attempt(call, (docker, config) => resource.delete(withoutMarks(call), { docker, config }));
  }

  /** Runs an operation on the host; a failure names the resource and says its cause in one sentence. */
  private async attempt<T>(
    key: ResourceKey,
    work: (docker: DockerClient, config: DockerConfig) => Promise<T>,
  ): Promise<T> {
    this.config ??= readConfig({}, process.env);
    this.client ??= connect(this.config);
    try {
      return await work(await this.client, this.config);
    } catch (error) {
      throw new Error(`${nameOf(key)}: ${sentence(reasonOf(error, this.config.host))}`);
    }
  }
}

/** The call without the marks of autonaming, which are no inputs of the resource. */
/** Without what a bridged provider notes at every depth of the inputs it records, so that its states can be used. */
function withoutMarks<Call extends { inputs: Properties }>(call: Call): Call {
  return { ...call, inputs: unmarked(call.inputs) as Properties };
}

function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== DEFAULTS)
      .map(([key, inner]) => [key, unmarked(inner)]),
  );
}

function nameOf({ type, name }: ResourceKey): string {
  return `${type.split(":").pop()} "${name}"`;
}

function sentence(reason: string): string {
  return /[.\n]$/.test(reason) ? reason.trimEnd() : `${reason}.`;
}

function asFailures(key: ResourceKey, found: Problem[]): CheckAnswer["failures"] {
  return found.map(({ path, reason }) => ({
    property: path.split(/[.[]/)[0] ?? path,
    reason: `${nameOf(key)}: ${path} ${reason}`,
  }));
}

function echoed(resource: DockerResource, { [DEFAULTS]: _, ...inputs }: Properties): Properties {
  if (!resource.echoesInputs) return {};
  const defaults = Object.entries(resource.fields)
    .filter(([, field]) => field.default !== undefined)
    .map(([key, field]) => [key, field.default]);
  return { ...Object.fromEntries(defaults), ...inputs };
}

/** What a preview can say: the inputs, and what is known to stay. */
function planned(resource: DockerResource, inputs: Properties, old: Properties): Properties {
  const unknown = Object.fromEntries(resource.computed.map((key) => [key, old[key] ?? UNKNOWN]));
  return { ...unknown, ...echoed(resource, inputs) };
}
