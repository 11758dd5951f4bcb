import { expect, test } from "vitest";
import { logFactorial, Random } from "./random";

const DRAWS = 40_000;

/** Mean and variance of many draws. */
function moments(draw: () => number): { mean: number; variance: number } {
  const values = Array.from({ length: DRAWS }, draw);
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS;
  return { mean, variance: values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (DRAWS - 1) };
}

/** Five standard errors of a mean, and of a variance whose fourth moment is near the normal one. */
const meanError = (variance: number) => 5 * Math.sqrt(variance / DRAWS);
const varianceError = (variance: number, kurtosis = 3) => 5 * variance * Math.sqrt((kurtosis - 1) / DRAWS);

test("Uniform numbers fill the interval from 0 to 1 evenly", () => {
  const random = new Random("uniform");
  const tenths = Array<number>(10).fill(0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const tenth = Math.floor(random.uniform() * 10);
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  expect(tenths).toHaveLength(10);
  // Chi-square with 9 degrees of freedom exceeds 27.9 once in a thousand.
  const expected = DRAWS / 10;
  expect(tenths.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)).toBeLessThan(27.9);
});

test.each([0.001, 0.3, 4, 9.99, 10, 37, 1500, 15_000])(
  "Poisson numbers of mean %d have that mean and variance",
  (mean) => {
    const random = new Random(`poisson ${mean}`);
    const found = moments(() => random.poisson(mean));
    expect(Math.abs(found.mean - mean)).toBeLessThan(meanError(mean));
    expect(Math.abs(found.variance - mean)).toBeLessThan(varianceError(mean, 3 + 1 / mean));
  },
);

test("Poisson numbers of mean 10, drawn by rejection, are as frequent as they should be", () => {
  const random = new Random("poisson frequencies");
  const counts = Array<number>(30).fill(0);
  for (let draw = 0; draw < DRAWS; draw++) {
    const value = Math.min(29, random.poisson(10));
    counts[value] = (counts[value] ?? 0) + 1;
  }
  for (let value = 3; value <= 20; value++) {
    const chance = Math.exp(value * Math.log(10) - 10 - logFactorial(value));
    const error = 5 * Math.sqrt(chance * (1 - chance) * DRAWS);
    expect(Math.abs((counts[value] ?? 0) - chance * DRAWS)).toBeLessThan(error);
  }
});

test.each([
  [1, 2],
  [5, 5],
  [40, 5],
])("The sum of %d bursts of mean %d has the mean and variance of geometric sizes", (count, mean) => {
  const random = new Random(`bursts ${count} ${mean}`);
  const found = moments(() => random.geometricSum(count, mean));
  const variance = count * mean * (mean - 1);
  expect(Math.abs(found.mean - count * mean)).toBeLessThan(meanError(variance));
  expect(Math.abs(found.variance - variance)).toBeLessThan(varianceError(variance, 3 + 7 / count));
});

test("Normal and gamma numbers have their mean and variance", () => {
  const random = new Random("normal and gamma");
  const normal = moments(() => random.normal());
  expect(Math.abs(normal.mean)).toBeLessThan(meanError(1));
  expect(Math.abs(normal.variance - 1)).toBeLessThan(varianceError(1));
  const gamma = moments(() => random.gamma(12));
  expect(Math.abs(gamma.mean - 12)).toBeLessThan(meanError(12));
  expect(Math.abs(gamma.variance - 12)).toBeLessThan(varianceError(12, 3.5));
});

test("A stream depends on its name alone", () => {
  const first = (name: string) => new Random(name).uniform();
  expect(first("one")).toBe(first("one"));
  expect(first("one")).not.toBe(first("two"));
});

test("The logarithm of a factorial is exact where Stirling's series takes over", () => {
  expect(logFactorial(9)).toBeCloseTo(Math.log(362_880), 12);
  expect(logFactorial(10)).toBeCloseTo(Math.log(3_628_800), 9);
  expect(logFactorial(20)).toBeCloseTo(Math.log(2_432_902_008_176_640_000), 9);
});
