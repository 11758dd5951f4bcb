import { flag, list, object, type Problem, parse, problems, text } from "../shared/shape";
import { isRecord, type Properties } from "../shared/wire";

const registryAuth = list(object({ address: text, username: text, password: text, authDisabled: flag }, ["address"]));
const shape = object({ host: text, registryAuth, sshOpts: list(text), version: text });

export interface RegistryLogin {
  address: string;
  username: string;
  password: string;
}

/** Settings of one provider instance. */
export interface DockerConfig {
  /** `unix://`, `tcp://` or `ssh://` address of the Docker Engine. */
  host: string;
  /** More arguments for the ssh client. */
  sshOpts: string[];
  logins: RegistryLogin[];
}

export const DEFAULT_HOST = "unix:///var/run/docker.sock";

/** Reads the provider's arguments; `DOCKER_HOST` names the host when no argument does. */
export function readConfig(args: Properties, environment: NodeJS.ProcessEnv): DockerConfig {
  const given = parse(shape, decode(args), "docker provider");
  return {
    host: given.host ?? environment.DOCKER_HOST ?? DEFAULT_HOST,
    sshOpts: given.sshOpts ?? [],
    logins: (given.registryAuth ?? [])
      .filter((login) => login.authDisabled !== true)
      .map(({ address, username = "", password = "" }) => ({ address, username, password })),
  };
}

export function configProblems(args: Properties): Problem[] {
  return problems(shape, decode(args));
}

/** Provider arguments that are not texts arrive as JSON. */
function decode(args: Properties): Properties {
  return Object.fromEntries(
    Object.entries(args)
      .filter(([key]) => !key.startsWith("__"))
      .map(([key, value]) => [key, key in JSON_ARGUMENTS && typeof value === "string" ? fromJson(value) : value]),
  );
}

const JSON_ARGUMENTS: Properties = { registryAuth: true, sshOpts: true };

function fromJson(value: string): unknown {
  try {
    const parsed: unknown = JSON.parse(value);
    return Array.isArray(parsed) || isRecord(parsed) ? parsed : value;
  } catch {
    return value;
  }
}
