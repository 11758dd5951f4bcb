# `make` lists the targets. Each of them works on a fresh clone: toolchain/ finds or makes what is missing.
SHELL := /bin/sh
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
# Where test runs leave their machine-readable results.
RESULTS ?= test-results

.DEFAULT_GOAL := help
.PHONY: help bootstrap dev dev-down cluster cluster-down demo test test-fast lint generate doctor bench bench-judges bench-mutation clean-cache

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/\1	\2/p' $(MAKEFILE_LIST) | while IFS='	' read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

bootstrap:
	@toolchain/bootstrap.sh

dev: bootstrap ## bring the dev stack up on this machine's Docker and print its addresses
	@tsx toolchain/dev.ts up

dev-down: bootstrap ## destroy the dev stack; stop Docker if it was started for it
	@tsx toolchain/dev.ts down
	@tsx toolchain/run.ts docker stop

cluster: bootstrap ## start a Kubernetes cluster on this machine, ready to release services on (ARGS="--bare --json")
	@tsx toolchain/run.ts cluster up $(ARGS)

cluster-down: bootstrap ## remove it with all that is in it
	@tsx toolchain/run.ts cluster down

demo: bootstrap ## release a good and a bad version under load and draw what happened
	@tsx demo/main.ts

test: bootstrap ## lint, then all three rings of tests
	@rm -rf $(RESULTS) && mkdir -p $(RESULTS)
	@code=0; \
	tsx toolchain/lint.ts --json $(RESULTS)/lint.json || code=1; \
	for run in fast real pipelines kubernetes; do \
		vitest run --project $$run --reporter=default --reporter=json --outputFile.json=$(RESULTS)/$$run.json || code=1; \
	done; \
	exit $$code

test-fast: bootstrap ## rings 1 and 2: no engine, no servers
	@vitest run --project fast

lint: bootstrap ## format, lint, types, and the directions of imports
	@tsx toolchain/lint.ts

generate: bootstrap ## write the files that are made from the sources: the JSON Schema and docs/errors.md
	@tsx toolchain/generate.ts

doctor: bootstrap ## say what this machine has and what is missing (ARGS=--json)
	@tsx toolchain/run.ts doctor $(ARGS)

bench: bootstrap ## measure how long the program takes to start, the model to compile, pipelines to write, many services to preview, and Prometheus to judge
	@tsx bench/model.ts
	@tsx bench/query.ts
	@tsx bench/kubernetes.ts
	@tsx bench/policy.ts
	@tsx bench/pipelines.ts
	@tsx bench/start.ts

bench-judges: bootstrap ## simulate releases and compare judges, half an hour (ARGS="--runs 300 --only PATTERN")
	@tsx bench/judges/main.ts $(ARGS)

bench-mutation: bootstrap ## break the policy rules in every way and count what their examples notice, 20 minutes (ARGS="--mutate policy/rules/docker/docker-limits.ts")
	@npm ci --prefix bench/mutation --legacy-peer-deps --ignore-scripts --no-audit --no-fund --loglevel error
	@bench/mutation/node_modules/.bin/stryker run bench/mutation/stryker.config.mjs $(ARGS)

clean-cache: bootstrap ## empty the cache and remove base images; the dev stack's state stays
	@tsx toolchain/run.ts clean
