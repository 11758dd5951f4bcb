import { autoname, DEFAULTS, isAutonamed } from "../shared/autoname";
import type { CheckAnswer, CheckCall, DiffAnswer, DiffCall, Log, Provider, ResourceKey } from "../shared/provider";
import { object, type Problem, problems, sameValue } from "../shared/shape";
import { hasUnknown, isRecord, type Properties, UNKNOWN } from "../shared/wire";
import { connect, type GithubClient, reasonOf, withLog } from "./client";
import { type GithubConfig, readConfig } from "./config";
import { callFunction } from "./functions";
import type { Context, GithubResource } from "./resource";
import { resourceOf } from "./types";

/** The github package on GitHub's REST API, for the types this library uses. */
export class GithubProvider implements Provider {
  private config: GithubConfig | undefined;
  private connection: Promise<{ client: GithubClient; owner: string }> | undefined;

  constructor(readonly version: string) {}

  configure(args: Properties): void {
    this.config = readConfig(args, process.env);
    this.connection = undefined;
  }

  async check(call: CheckCall): Promise<CheckAnswer> {
    const resource = resourceOf(call.type);
    const { [DEFAULTS]: _, ...given } = call.inputs;
    const shapes = Object.entries(resource.fields).map(([key, field]) => [key, field.shape] as const);
    const found = problems(object(Object.fromEntries(shapes), resource.required), given);
    const rules = found.length > 0 ? [] : (resource.rules?.(given) ?? []);
    const inputs = resource.autonamed === true ? autoname(call) : given;
    return { inputs, failures: asFailures(call, [...found, ...rules]) };
  }

  async diff(call: DiffCall): Promise<DiffAnswer> {
    const resource = resourceOf(call.type);
    const changed = Object.keys(resource.fields).filter((key) => differs(resource, key, call.oldInputs, call.inputs));
    for (const key of resource.drift?.(call.oldOutputs) ?? []) if (!changed.includes(key)) changed.push(key);
    const replaces = changed.filter((key) => resource.fields[key]?.on === "replace");
    const nameTaken = resource.autonamed === true && !isAutonamed(call.inputs);
    return {
      changed,
      replaces,
      deleteBeforeReplace: replaces.length > 0 && (resource.deleteBeforeReplace === true || nameTaken),
    };
  }

  async create(call: Parameters<Provider["create"]>[0]): Promise<{ id: string; outputs: Properties }> {
    const resource = resourceOf(call.type);
    if (call.preview) return { id: "", outputs: { ...unknowns(resource.computed), ...echoed(resource, call.inputs) } };
    return this.attempt(call, async (context) => {
      const { id, outputs } = await resource.create(call, context);
      return { id, outputs: { ...echoed(resource, call.inputs), ...outputs } };
    });
  }

  async read(call: Parameters<Provider["read"]>[0]): ReturnType<Provider["read"]> {
    const resource = resourceOf(call.type);
    return this.attempt(call, async (context) => {
      const found = await resource.read(call, context);
      if (found === undefined) return undefined;
      const inputs = refreshed(resource, call.inputs, found.live);
      const outputs = { ...call.outputs, ...echoed(resource, inputs), ...found.outputs };
      return { id: found.id ?? call.id, inputs, outputs };
    });
  }

  async update(call: Parameters<Provider["update"]>[0]): Promise<Properties> {
    const resource = resourceOf(call.type);
    const stays = { ...pick(call.oldOutputs, resource.computed), ...echoed(resource, call.inputs) };
    if (call.preview) return { ...stays, ...unknowns(resource.changing ?? []) };
    return this.attempt(call, async (context) => ({ ...stays, ...(await resource.update(call, context)) }));
  }

  async delete(call: Parameters<Provider["delete"]>[0]): Promise<void> {
    await this.attempt(call, (context) => resourceOf(call.type).delete(call, context));
  }

  async invoke(token: string, args: Properties): Promise<Properties> {
    // Some arguments are known only later; so is then the answer.
    if (hasUnknown(args)) return {};
    return this.attempt({ urn: "", type: token, name: "" }, (context) => callFunction(token, args, context));
  }

  /** Runs an operation; a failure names the resource and says its cause in one sentence. */
  private async attempt<T>(key: ResourceKey & { log?: Log }, work: (context: Context) => Promise<T>): Promise<T> {
    this.config ??= readConfig({}, process.env);
    this.connection ??= connected(this.config);
    try {
      const { client, owner } = await this.connection;
      return await work({ client: withLog(client, key.log), owner });
    } catch (error) {
      this.connection = this.connection.catch(() => connected(this.config as GithubConfig));
      throw new Error(`${nameOf(key)}: ${sentence(reasonOf(error, this.config.baseUrl))}`);
    }
  }
}

async function connected(config: GithubConfig): Promise<{ client: GithubClient; owner: string }> {
  const client = await connect(config);
  return { client, owner: config.owner ?? (await client.request("GET /user")).data.login };
}

function nameOf({ type, name }: ResourceKey): string {
  const short = type.split(":").pop() ?? type;
  return name === "" ? short : `${short} "${name}"`;
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

function differs(resource: GithubResource, key: string, old: Properties, now: Properties): boolean {
  const field = resource.fields[key];
  if (field === undefined || (field.chosen === true && isAbsent(now[key]))) return false;
  const [before, after] = [old, now].map((inputs) => comparable(resource, key, inputs[key]));
  return !sameValue(field.shape, before, after);
}

/** Empty values mean as much as absent ones, at every depth. */
function comparable(resource: GithubResource, key: string, value: unknown): unknown {
  const given = isAbsent(value) ? resource.fields[key]?.default : value;
  return withoutEmpty(resource.complete?.(key, given) ?? given);
}

function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmpty);
  if (isRecord(value)) {
    const kept = Object.entries(value)
      .filter(([key]) => key !== DEFAULTS)
      .map(([key, item]) => [key, withoutEmpty(item)] as const)
      .filter(([, item]) => item !== undefined);
    return kept.length === 0 ? undefined : Object.fromEntries(kept);
  }
  return value === false || value === 0 || value === "" || value === null ? undefined : value;
}

const isAbsent = (value: unknown): boolean => value === undefined || value === null;

/** Inputs as a refresh finds them: what is the same stays as it was written. */
function refreshed(resource: GithubResource, inputs: Properties, live: Properties): Properties {
  const imported = Object.keys(inputs).length === 0;
  const kept: Properties = DEFAULTS in inputs ? { [DEFAULTS]: inputs[DEFAULTS] } : {};
  for (const [key, field] of Object.entries(resource.fields)) {
    const [old, now] = [inputs[key], key in live ? live[key] : inputs[key]];
    const unasked = !imported && isAbsent(old) && field.chosen === true;
    const same = sameValue(field.shape, comparable(resource, key, old), comparable(resource, key, now));
    const value = unasked || same ? old : now;
    if (!isAbsent(value)) kept[key] = value;
  }
  return kept;
}

function echoed(resource: GithubResource, { [DEFAULTS]: _, ...inputs }: Properties): Properties {
  const defaults = Object.entries(resource.fields)
    .filter(([, field]) => field.default !== undefined)
    .map(([key, field]) => [key, field.default]);
  return { ...Object.fromEntries(defaults), ...inputs };
}

function pick(values: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(keys.filter((key) => key in values).map((key) => [key, values[key]]));
}

function unknowns(keys: readonly string[]): Properties {
  return Object.fromEntries(keys.map((key) => [key, UNKNOWN]));
}
