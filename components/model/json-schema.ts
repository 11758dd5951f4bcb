import { z } from "zod";
import { deliverySchema } from "./delivery.schema";
import { environmentSchema } from "./environment.schema";
import { objectivesSchema } from "./objectives.schema";
import { pipelineSchema } from "./pipeline.schema";
import { releaseSchema } from "./release.schema";
import { serviceSchema } from "./service.schema";

/** Parts that are written once and referred to; each goes by the name of its interface. */
const parts = z
  .registry<{ id: string }>()
  .add(serviceSchema, { id: "Service" })
  .add(releaseSchema, { id: "Release" })
  .add(objectivesSchema, { id: "Objectives" })
  .add(environmentSchema, { id: "Environment" })
  .add(pipelineSchema, { id: "Pipeline" });

/**
 * JSON Schema (draft 2020-12) of a validator, for editors. It accepts all that the validator accepts, and refuses
 * unknown settings, missing ones and wrong kinds of values; rules between settings are left to the validator.
 */
function jsonSchema(schema: z.ZodType): object {
  return z.toJSONSchema(schema, {
    target: "draft-2020-12",
    unrepresentable: "any",
    // Its own registry, so that the examples kept for messages do not end up in the file.
    metadata: parts,
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema instanceof z.ZodType) Object.assign(jsonSchema, zodSchema.meta()?.["json"]);
    },
  });
}

/** JSON Schema of a `cicd.yml`. */
export const deliverySchemaJson = (): object => jsonSchema(deliverySchema);
/** JSON Schema of a service. */
export const serviceSchemaJson = (): object => jsonSchema(serviceSchema);
/** JSON Schema of a release. */
export const releaseSchemaJson = (): object => jsonSchema(releaseSchema);
/** JSON Schema of objectives. */
export const objectivesSchemaJson = (): object => jsonSchema(objectivesSchema);
