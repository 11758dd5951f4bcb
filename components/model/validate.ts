import { checkShape } from "./check";
import type { Delivery } from "./delivery";
import { deliveryRules } from "./delivery.rules";
import { deliverySchema } from "./delivery.schema";
import type { Environment } from "./environment";
import { environmentRules } from "./environment.rules";
import { environmentSchema } from "./environment.schema";
import type { Image } from "./image";
import { imageSchema } from "./image.schema";
import type { Objectives } from "./objectives";
import { objectivesSchema } from "./objectives.schema";
import type { Pipeline } from "./pipeline";
import { pipelineRules } from "./pipeline.rules";
import { pipelineSchema } from "./pipeline.schema";
import type { Problem } from "./problem";
import type { Release } from "./release";
import { releaseRules } from "./release.rules";
import { releaseSchema } from "./release.schema";
import type { Service } from "./service";
import { imageRules, serviceRules } from "./service.rules";
import { serviceSchema } from "./service.schema";

/** Every problem of a service, none when it is well. Never throws, whatever is passed. */
export function checkService(service: Service, path = "service"): Problem[] {
  return [...checkShape(serviceSchema, service, path), ...serviceRules(service, path)];
}

/** Every problem of an image. Never throws. */
export function checkImage(image: Image, path = "image"): Problem[] {
  return [...checkShape(imageSchema, image, path), ...imageRules(image, path)];
}

/** Every problem of a release. Never throws. */
export function checkRelease(release: Release, path = "release"): Problem[] {
  return [...checkShape(releaseSchema, release, path), ...releaseRules(release, path)];
}

/** Every problem of objectives. Never throws. */
export function checkObjectives(objectives: Objectives, path = "objectives"): Problem[] {
  return checkShape(objectivesSchema, objectives, path);
}

/** Every problem of a pipeline. Never throws. Names of environments are looked at by checkDelivery. */
export function checkPipeline(pipeline: Pipeline, path = "pipeline"): Problem[] {
  return [...checkShape(pipelineSchema, pipeline, path), ...pipelineRules(pipeline, path)];
}

/** Every problem of an environment. Never throws. Names of other environments are looked at by checkDelivery. */
export function checkEnvironment(environment: Environment, path = "environment"): Problem[] {
  return [...checkShape(environmentSchema, environment, path), ...environmentRules(environment, path)];
}

/** Every problem of a document and of everything in it. Never throws. */
export function checkDelivery(delivery: Delivery, path = "delivery"): Problem[] {
  return [...checkShape(deliverySchema, delivery, path), ...deliveryRules(delivery, path)];
}
