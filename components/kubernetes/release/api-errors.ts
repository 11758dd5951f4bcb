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
