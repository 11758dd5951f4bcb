import type { DelegateProvider } from "../../delegate/provider";
import { formatProblem, type Problem } from "../../model/problem";
import type { PreflightInputs, PreflightOutputs } from "./preflight-inputs";

/** Longest time an API server has to answer. */
const TIMEOUT_MILLISECONDS = 15_000;

/** An answer of the API server that is none of the good ones (ApiException of the client). */
interface Refusal extends Error {
  code?: number;
}

/**
 * Says clearly, in a preview already, that the API server cannot be reached or that something is missing which was
 * not to be installed. It makes nothing.
 */
export const preflightProvider: DelegateProvider<PreflightInputs, PreflightOutputs> = {
  async check(inputs) {
    return (await ask(inputs)).problems.map((problem) => sentence(inputs, problem));
  },
  async diff(olds, news) {
    const asked = ["kubeconfig", "context", "neededCrds"] as const;
    const changes = asked.some((field) => JSON.stringify(olds[field]) !== JSON.stringify(news[field]));
    return { changes, replaces: [], deleteBeforeReplace: false };
  },
  async create(inputs) {
    return { id: inputs.name, outs: await outputs(inputs) };
  },
  async update(_id, _olds, inputs) {
    return { outs: await outputs(inputs) };
  },
  async read(id, props) {
    return { id, props };
  },
  async delete() {},
};

async function outputs(inputs: PreflightInputs): Promise<PreflightOutputs> {
  const { version, problems } = await ask(inputs);
  if (problems.length > 0) throw new Error(problems.map((problem) => sentence(inputs, problem)).join("\n"));
  return { ...inputs, version };
}

const sentence = ({ component, name }: PreflightInputs, problem: Problem) =>
  `${component} "${name}": ${formatProblem(problem)}`;

/** Asks the API server for its version and for what must be there. */
async function ask(inputs: PreflightInputs): Promise<{ version: string; problems: Problem[] }> {
  const { ApiextensionsV1Api, KubeConfig, VersionApi } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (inputs.kubeconfig === "") config.loadFromDefault();
  else config.loadFromString(inputs.kubeconfig);
  if (inputs.context !== "") config.setCurrentContext(inputs.context);
  const server = config.getCurrentCluster()?.server ?? "no server in the kubeconfig";
  let version: string;
  try {
    version = (await inTime(config.makeApiClient(VersionApi).getCode())).gitVersion;
  } catch (error) {
    return { version: "", problems: [unreachable(error as Refusal, server)] };
  }
  const api = config.makeApiClient(ApiextensionsV1Api);
  const problems: Problem[] = [];
  for (const { crd, fix } of inputs.neededCrds) {
    try {
      await inTime(api.readCustomResourceDefinition({ name: crd }));
    } catch (error) {
      // Whoever may not look at it may still use what it defines.
      if ((error as Refusal).code === 403) continue;
      if ((error as Refusal).code !== 404) throw error;
      problems.push({ path: `CustomResourceDefinition ${crd}`, problem: `is not in the cluster at ${server}`, fix });
    }
  }
  return { version, problems };
}

function unreachable(error: Refusal, server: string): Problem {
  if (error.code === 401 || error.code === 403) {
    const fix = "Log in again, or give another kubeconfig";
    return { path: "kubeconfig", problem: `is not accepted by ${server}: the answer is ${error.code}`, fix };
  }
  const cause = error.cause instanceof Error ? error.cause.message : error.message;
  const reason = error.code === undefined ? cause : `the answer is ${error.code}`;
  const fix = "Start the cluster, or correct the kubeconfig or the context";
  return { path: "kubeconfig", problem: `names an API server that cannot be reached at ${server}: ${reason}`, fix };
}

async function inTime<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const message = `no answer in ${TIMEOUT_MILLISECONDS / 1000} s`;
    timer = setTimeout(() => reject(new Error(message)), TIMEOUT_MILLISECONDS);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
