import type { Diagnostic } from "../../model/diagnostics";
import { Fit } from "../../model/release";
import type { PlannedStep } from "../plan";
import { bent } from "./target";
import { excess, type FittedShares } from "./whole-shares";

/** Numbers of copies that may be wanted while a release goes on: an autoscaler moves between them. */
export interface CopiesRange {
  min: number;
  max: number;
}

/** Copies of both versions. */
export interface PodCounts {
  new: number;
  old: number;
}

/**
 * Copies that Argo Rollouts runs at a weight when nothing shifts the traffic: the numbers that come nearest to it, of
 * the wanted copies in all or of one more, but at least one of the new version from 1 to 99 %. As in
 * approximateWeightedCanaryStableReplicaCounts of its utils/replicaset/canary.go with a maxSurge above 0.
 */
export function podsAt(copies: number, weight: number): PodCounts {
  const up = Math.ceil((copies * weight) / 100);
  const down = Math.floor((copies * weight) / 100);
  const end = weight === 0 || weight === 100;
  const tied = (total: number) => (total * (weight / 100)) % 1 === 0.5;
  const options: [fresh: number, total: number][] = [];
  if (up < copies || end) options.push([up, copies]);
  if (!tied(copies) && (down > 0 || end)) options.push([down, copies]);
  options.push([up, copies + 1]);
  if (!tied(copies + 1) && (down > 0 || end)) options.push([down, copies + 1]);
  const distance = ([fresh, total]: [number, number]) => Math.abs((100 * fresh) / total - weight);
  const [fresh, total] = options.reduce((best, option) => (distance(option) < distance(best) ? option : best));
  return { new: fresh, old: total - fresh };
}

/** Percent of the traffic that the new version has at a weight. Every copy gets as much as every other. */
export function podShare(copies: number, weight: number): number {
  const pods = podsAt(copies, weight);
  return (100 * pods.new) / (pods.new + pods.old);
}

/** Weights to set, beside the shares that come of them. */
export interface PodWeights extends FittedShares {
  /** One for each step. */
  weights: number[];
}

/**
 * Weights for pods that get their share by number. By default the largest ones with which the new version never has
 * more than was asked for, however many copies the autoscaler wants; where one copy is too much already, it gets none
 * and the step's time passes. With fit "nearest" the weights as they were asked for, and their true shares.
 */
export function podWeights(steps: readonly PlannedStep[], range: CopiesRange, fit: Fit): PodWeights {
  const weights = steps.map(({ weight }) =>
    fit === Fit.nearest ? Math.min(99, Math.max(1, Math.round(weight))) : largestWithin(weight, range),
  );
  const fitted = steps.map((step, index) => ({ ...step, weight: sharesOf(weights[index] ?? 0, range).largest }));
  const diagnostics = steps.flatMap(({ weight }, index) => remark(index, weight, weights[index] ?? 0, range));
  return { weights, steps: fitted, diagnostics };
}

function largestWithin(asked: number, range: CopiesRange): number {
  for (let weight = Math.floor(asked); weight > 0; weight--) {
    if (sharesOf(weight, range).largest <= asked) return weight;
  }
  return 0;
}

function sharesOf(weight: number, { min, max }: CopiesRange): { smallest: number; largest: number } {
  let [smallest, largest] = [100, 0];
  for (let copies = min; copies <= max; copies++) {
    const share = podShare(copies, weight);
    smallest = Math.min(smallest, share);
    largest = Math.max(largest, share);
  }
  return { smallest, largest };
}

function remark(index: number, asked: number, weight: number, range: CopiesRange): Diagnostic[] {
  const { smallest, largest } = sharesOf(weight, range);
  if (smallest === asked && largest === asked) return [];
  const feature = `release.canary.steps[${index}].weight`;
  const copies = range.min === range.max ? `${range.max}` : `${range.min} to ${range.max}`;
  if (weight === 0) {
    const message = `Without a router the share is that of the pods: one beside ${copies} would be more than ${asked} %, so that the new version gets nothing in this step.`;
    return [bent(feature, "dropped", message)];
  }
  const share = smallest === largest ? decimal(largest) : `${decimal(smallest)} to ${decimal(largest)}`;
  const message = `Without a router the share is that of the pods: with ${copies} of them the new version gets ${share} % instead of ${asked} %.`;
  return [bent(feature, "approximated", message, excess(largest, asked))];
}

const decimal = (value: number) => Number(value.toFixed(2));
