export type { Delivery } from "../model/delivery";
export type { GeneratedFile } from "../pipeline/generated-file";
export * from "./delivery/args";
export { GithubDelivery, type GithubDeliveryOptions } from "./github-delivery";
