import { elementsOf, entriesOf, isObject, part } from "./anything";
import type { DeliveredService, Delivery, Repository } from "./delivery";
import { environmentsRules } from "./environment.rules";
import { pipelineRules } from "./pipeline.rules";
import { describeValue, joinPath, type Problem } from "./problem";
import { empty, repeated, unknownName, unknownNames } from "./references";
import { releaseRules } from "./release.rules";
import { serviceRules } from "./service.rules";

/** What parts of a document call other parts by. */
interface Names {
  services: string[];
  strategies: string[];
  environments: string[];
}

const keysOf = <T>(map: Record<string, T> | undefined) => entriesOf(map).map(([name]) => name);

/** Problems between parts of a document, and within those that have rules of their own. */
export function deliveryRules(delivery: Delivery, path: string): Problem[] {
  const names: Names = {
    services: keysOf(part(delivery, "services")),
    strategies: keysOf(part(delivery, "strategies")),
    environments: keysOf(part(delivery, "environments")),
  };
  const [service, release, pipeline] = [
    part(delivery, "service"),
    part(delivery, "release"),
    part(delivery, "pipeline"),
  ];
  return [
    ...oneOrMany(delivery, path),
    ...(service === undefined ? [] : serviceRules(service, `${path}.service`)),
    ...entriesOf(part(delivery, "services")).flatMap(([name, each]) =>
      deliveredRules(each, joinPath(path, "services", name), names),
    ),
    ...(release === undefined ? [] : releaseRules(release, `${path}.release`)),
    ...entriesOf(part(delivery, "strategies")).flatMap(([name, each]) =>
      releaseRules(each, joinPath(path, "strategies", name)),
    ),
    ...environmentsRules(part(delivery, "environments"), `${path}.environments`, names.strategies),
    ...repositoriesRules(part(delivery, "repositories"), `${path}.repositories`, names),
    ...(pipeline === undefined ? [] : pipelineRules(pipeline, `${path}.pipeline`, names.environments)),
    ...imageNameRules(delivery, path),
    ...notificationRules(delivery, path, names),
  ];
}

function oneOrMany(delivery: Delivery, path: string): Problem[] {
  if (!isObject(delivery)) return [];
  const { service, services, pipeline } = delivery;
  if (service !== undefined && services !== undefined) {
    return [
      {
        path,
        problem: "must have either service or services",
        got: "both",
        fix: "Move service into services, under a name",
      },
    ];
  }
  // A repository may have a pipeline and deliver nothing: a library.
  if (pipeline !== undefined && service === undefined && services === undefined) return [];
  const none = service === undefined && (services === undefined || keysOf(services).length === 0);
  if (!none || (services !== undefined && !isObject(services))) return [];
  const fix = "Add services: { shop: { service: … } }, or service alone when there is only one";
  return [{ path, problem: "delivers nothing: it has neither service nor services nor pipeline", fix }];
}

function deliveredRules(delivered: DeliveredService, path: string, names: Names): Problem[] {
  if (!isObject(delivered)) return [];
  const { service, release, strategy, environments, targets } = delivered;
  const both: Problem[] =
    release === undefined || strategy === undefined
      ? []
      : [{ path, problem: "must have at most one of release and strategy", got: "both", fix: "Remove one of the two" }];
  const known = names.environments;
  return [
    ...(service === undefined ? [] : serviceRules(service, `${path}.service`)),
    ...(release === undefined ? [] : releaseRules(release, `${path}.release`)),
    ...both,
    ...unknownName(strategy, names.strategies, "strategies", `${path}.strategy`),
    ...repeated(environments, `${path}.environments`),
    ...empty(environments, `${path}.environments`, "Add one, or leave out environments for all of them"),
    ...unknownNames(environments, known, "environments", `${path}.environments`),
    ...keysOf(targets).flatMap((name): Problem[] => {
      const here = joinPath(path, "targets", name);
      const unknown = unknownName(name, known, "environments", here);
      if (unknown.length > 0 || !Array.isArray(environments) || environments.includes(name)) return unknown;
      const fix = "Add it to environments, or remove it";
      return [
        {
          path: here,
          problem: "is for an environment that is not among this service's environments",
          got: describeValue(name),
          fix,
        },
      ];
    }),
  ];
}

function repositoriesRules(
  repositories: Record<string, Repository> | undefined,
  path: string,
  names: Names,
): Problem[] {
  const owners = new Map<string, string>();
  return entriesOf(repositories).flatMap(([name, repository]) => {
    const here = joinPath(path, name);
    const pipeline = part(repository, "pipeline");
    const services = part(repository, "services");
    const taken = elementsOf(services).flatMap((service, index): Problem[] => {
      const owner = owners.get(service);
      owners.set(service, name);
      if (owner === undefined || owner === name) return [];
      const problem = `is already among the services of repositories.${owner}`;
      return [
        {
          path: joinPath(here, "services", index),
          problem,
          got: describeValue(service),
          fix: "Keep it in one repository",
        },
      ];
    });
    return [
      ...repeated(services, `${here}.services`),
      ...unknownNames(services, names.services, "services", `${here}.services`),
      ...taken,
      ...(pipeline === undefined ? [] : pipelineRules(pipeline, `${here}.pipeline`, names.environments)),
    ];
  });
}

/** An image of its own and a service's image would be published under one name. */
function imageNameRules(delivery: Delivery, path: string): Problem[] {
  const builds = part(part(part(delivery, "pipeline"), "images"), "builds");
  const services = entriesOf(part(delivery, "services"));
  const built = services.filter(([, each]) => part(part(part(each, "service"), "image"), "build") !== undefined);
  return keysOf(builds)
    .filter((name) => built.some(([service]) => service === name))
    .map((name) => ({
      path: joinPath(path, "pipeline", "images", "builds", name),
      problem: `is the name of the image that services.${name} builds`,
      fix: "Choose another name, or remove it: a service's image is built without being named here",
    }));
}

function notificationRules(delivery: Delivery, path: string, { environments }: Names): Problem[] {
  return (["slack", "email"] as const).flatMap((way) =>
    elementsOf<{ environments?: string[] }>(part(part(delivery, "notifications"), way)).flatMap((each, index) => {
      const here = joinPath(path, "notifications", way, index, "environments");
      return unknownNames(part(each, "environments"), environments, "environments", here);
    }),
  );
}
