import type { ApiException } from "@kubernetes/client-node";

/** The API server said no. */
export class ApiRefusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
    this.name = "ApiRefusal";
  }
}

/** The cluster has no Rollouts at all. */
export class ArgoMissing extends ApiRefusal {
  constructor(server: string) {
    super(404, `the cluster ${server} does not know Rollouts. Install Argo Rollouts with KubernetesPlatform`);
    this.name = "ArgoMissing";
  }
}

/** The API server does not answer, or not with anything of its own. */
export class ApiUnreachable extends Error {
  constructor(server: string, cause: string) {
    super(`the API server ${server} does not answer (got ${cause})`);
    this.name = "ApiUnreachable";
  }
}

/** The message of the Status that comes with a refusal; the exception's own would show headers. */
export function saidBy({ body, code }: ApiException<unknown>): string {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? {});
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    if (typeof message === "string") return message;
  } catch {
    // Not of the API server: a proxy in between, or a path that it does not know.
  }
  return code === 401 ? "the kubeconfig's credentials are not valid" : `status ${code}`;
}

export function causeOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ("code" in error && typeof error.code === "number") return `status ${error.code}`;
  const { cause } = error;
  return cause instanceof Error ? cause.message || error.message : error.message;
}
