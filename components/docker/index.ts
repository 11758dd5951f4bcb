export { OnBusy } from "../model/on-busy";
export { DockerHost, type DockerHostOptions } from "./docker-host";
export { DockerService, type DockerServiceOptions } from "./docker-service";
export type * from "./host/args";
export type { DockerServiceArgs, StickySessions } from "./service-args";
