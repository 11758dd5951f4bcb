/** Where services can be delivered. */
export const Target = {
  /** One machine with a Docker Engine and Headgate's gateway. */
  docker: "docker",
  /** Kubernetes with Argo Rollouts. */
  kubernetes: "kubernetes",
  /** Amazon ECS with its own deployment controller. */
  ecs: "ecs",
  /** AWS Lambda with an alias shifted by CodeDeploy. */
  lambda: "lambda",
  /** Google Cloud Run by Cloud Deploy. */
  cloudRun: "cloudRun",
  /** Azure Container Apps. */
  containerApps: "containerApps",
} as const;
export type Target = (typeof Target)[keyof typeof Target];
