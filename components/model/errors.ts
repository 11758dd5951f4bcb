import { formatProblem, type Problem } from "./problem";

/**
 * Arguments of a component that make no sense, all of their problems together.
 *
 * Pulumi recognises its own errors by marks, not by class, so that this class needs no import of it: as a resource
 * error with `hideStack` it is printed without a stack, beside the resource when one is given; as an input property
 * error it reaches programs in other languages with a path for each problem.
 */
export class ArgumentError extends Error {
  /** What Pulumi shows across languages. */
  readonly errors: { propertyPath: string; reason: string }[];
  /** Read by Pulumi: no stack in the output. */
  readonly hideStack = true;
  /** Pulumi's mark of an error that belongs to a resource (spelled as there). */
  readonly __pulumResourceError = true;
  /** Pulumi's mark of an error about several inputs. */
  readonly __pulumiInputPropertiesError = true;

  /**
   * @param component Class of the component, such as "DockerService".
   * @param resourceName Name the component was given.
   * @param problems At least one.
   * @param resource The component itself, once it exists, for Pulumi to print the error beside it.
   */
  constructor(
    readonly component: string,
    readonly resourceName: string,
    readonly problems: readonly Problem[],
    readonly resource?: object,
  ) {
    const lines = problems.map(formatProblem);
    const head = `${component} "${resourceName}":`;
    super(lines.length === 1 ? `${head} ${lines[0]}` : `${head} ${lines.length} problems\n  ${lines.join("\n  ")}`);
    this.name = "ArgumentError";
    this.errors = problems.map((problem) => ({ propertyPath: problem.path, reason: formatProblem(problem) }));
  }
}

/** Throws an ArgumentError when there is any problem. */
export function refuse(component: string, name: string, problems: readonly Problem[], resource?: object): void {
  if (problems.length > 0) throw new ArgumentError(component, name, problems, resource);
}
