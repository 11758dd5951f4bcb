import type { Service } from "../model/service";

/**
 * The service with the image that a pipeline brings: the one by its digest under `headgate:delivered.NAME` in the
 * stack's configuration. Where there is none, as on a developer's machine, the service as it is.
 * @param name Name of the service in the document that the pipeline is made of.
 */
export function delivered(name: string, service: Service): Service {
  // Loaded when it is asked for: a document that only names types is read without the SDK.
  const { Config } = require("@pulumi/pulumi") as typeof import("@pulumi/pulumi");
  const reference = new Config("headgate").get(`delivered.${name}`);
  return reference === undefined ? service : { ...service, image: { reference } };
}
