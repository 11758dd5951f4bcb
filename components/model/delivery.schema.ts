import type { z } from "zod";
import { type DeliveredService, type Delivery, Platform, type Repository } from "./delivery";
import { environmentSchema, httpAddress, reference } from "./environment.schema";
import { list, mapOf, oneOf, optional, pattern, strictFor } from "./fields";
import { notificationsSchema } from "./notifications.schema";
import { objectivesSchema } from "./objectives.schema";
import { pipelineSchema } from "./pipeline.schema";
import { jobNames, repositoryPath } from "./pipeline-tests.schema";
import { releaseSchema } from "./release.schema";
import { serviceSchema } from "./service.schema";
import { Target } from "./target";

const names = list(reference, '["shop"]');

const repository = strictFor<Repository>(
  {
    name: pattern(
      /^[A-Za-z0-9_.-]+(\/[A-Za-z0-9_.-]+)+$/,
      "must be an owner and a name with a slash between them",
      'Write "acme/shop", for example',
    ),
    platform: optional(oneOf(Platform)),
    url: optional(httpAddress),
    path: optional(repositoryPath),
    services: optional(names),
    pipeline: optional(pipelineSchema),
  },
  '{ name: "acme/shop" }',
);

const delivered = strictFor<DeliveredService>(
  {
    service: serviceSchema,
    release: optional(releaseSchema),
    strategy: optional(reference),
    objectives: optional(objectivesSchema),
    environments: optional(list(reference, '["production"]')),
    targets: optional(mapOf(oneOf(Target), jobNames("an environment"), '{ production: "kubernetes" }')),
  },
  "{ service: { image: …, port: 8080, health: … } }",
);

export const deliverySchema: z.ZodType<Delivery> = strictFor<Delivery>(
  {
    service: optional(serviceSchema),
    services: optional(mapOf(delivered, jobNames("a service"), "{ shop: { service: … } }")),
    release: optional(releaseSchema),
    objectives: optional(objectivesSchema),
    strategies: optional(mapOf(releaseSchema, jobNames("a strategy"), "{ careful: { canary: {} } }")),
    environments: optional(mapOf(environmentSchema, jobNames("an environment"), "{ staging: {} }")),
    repositories: optional(mapOf(repository, jobNames("a repository"), '{ shop: { name: "acme/shop" } }')),
    pipeline: optional(pipelineSchema),
    notifications: optional(notificationsSchema),
  },
  "{ service: { image: …, port: 8080, health: … } }",
);
