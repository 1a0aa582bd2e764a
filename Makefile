# The commands of the repository; `make help` lists them.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

# What the commands work on: an environment of this repository or a root module anywhere, on the local AWS or in an account.
ENV ?= local
DIR ?=
TARGET ?= local
PORT ?=
SQL ?=
TABLES ?=
TABLE ?=
FILE ?=
KEYS ?=
BATCH ?=
VERSION ?=

CDC := cli/run.sh
VENV := .local/venv/bin
PLACE = $(if $(PORT),--port "$(PORT)")
SELECTED = $(if $(DIR),--dir "$(DIR)",--env "$(ENV)") --target "$(TARGET)" $(PLACE)


# No compiler or build server outlives its command.
export MSBUILDDISABLENODEREUSE := 1
export UseSharedCompilation := false
export DOTNET_CLI_USE_MSBUILD_SERVER := 0
export DOTNET_NOLOGO := 1

.PHONY: help
help: ## this list
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{ printf "  %-17s %s\n", $$1, $$2 }'
	@printf '\n  ENV=name of environments/, or DIR=path of a root module (%s)  TARGET=local|account (%s)  PORT=of the local AWS (4566)\n' "$(or $(DIR),$(ENV))" "$(TARGET)"

##### the pipeline

.PHONY: demo up plan apply start reload status logs run-job dry-run read-again replay-rejects rebuild erase abandon query redrive destroy down
demo: ## the whole pipeline: set up, apply, fill, start, work, compare, explain (about 4 minutes the first time)
	@$(CDC) demo $(SELECTED)

up: ## start the local AWS, and say how Terraform and the SDKs reach it
	@$(CDC) up $(PLACE)

plan: ## terraform plan of the environment, and what it means for the pipeline
	@$(CDC) plan $(SELECTED)

apply: ## terraform init and apply of the environment
	@$(CDC) apply $(SELECTED)

start: ## test both connections, prepare the source, start or resume the DMS task, load tables that were added
	@$(CDC) start $(SELECTED)

reload: ## TABLES=public.a,public.b or all: have DMS load tables again while changes go on
	@$(CDC) reload $(SELECTED) --tables "$$TABLES"
reload: export TABLES := $(TABLES)

status: ## the task with its tables, the job's runs, the processes
	@$(CDC) status $(SELECTED)

logs: ## the latest lines of task, function and job
	@$(CDC) logs $(SELECTED)

run-job: ## start the Glue job by hand and follow it; TABLES="a.b,c.d": over these tables only
	@$(CDC) run-job $(SELECTED) $(if $(TABLES),--tables "$(TABLES)")

dry-run: ## tell what a run of the job would do, and write nothing; TABLES= as above
	@$(CDC) run-job $(SELECTED) --dry-run true $(if $(TABLES),--tables "$(TABLES)")

read-again: ## FILE=key of a raw file: read it again, whatever is known of it
	@$(CDC) run-job $(SELECTED) --from-file "$(or $(FILE),$(error Give FILE=key of a raw file, e.g. FILE=raw/public/orders/LOAD00000001.parquet))"

replay-rejects: ## read rejected rows and files again, after a fix; TABLE=schema.table, or all
	@$(CDC) run-job $(SELECTED) --replay-rejects "$(or $(TABLE),all)"

rebuild: ## TABLE=schema.table: make it anew from its log
	@$(CDC) run-job $(SELECTED) --rebuild "$(or $(TABLE),$(error Give TABLE=schema.table))"

erase: ## TABLE=schema.table KEYS=s3://bucket/key or a secret's ARN: erase the rows of these keys everywhere
	@$(CDC) run-job $(SELECTED) --erase "$(or $(KEYS),$(error Give KEYS=location of a JSON list of keys))" --table "$(or $(TABLE),$(error Give TABLE=schema.table))"

abandon: ## TABLE=schema.table BATCH=number: give up a batch whose files will never be right
	@$(CDC) run-job $(SELECTED) --abandon "$(or $(BATCH),$(error Give BATCH=number)):$(or $(TABLE),$(error Give TABLE=schema.table))"

query: ## SQL="SELECT ...": a query over the final tables, by Athena
	@$(CDC) query $(SELECTED) --sql "$$SQL"
query: export SQL := $(SQL)

redrive: ## move dead letters of the doorbell back, and wait until they are handled
	@$(CDC) redrive $(SELECTED)

destroy: ## terraform destroy of the environment
	@$(CDC) destroy $(SELECTED)

down: ## stop the local AWS with all that lives there; clear processes, ports and folders
	@$(CDC) down $(PLACE)

##### building

.PHONY: setup package
setup: ## make what is missing: virtual environment, jars, builds, packages
	@$(CDC) setup

package: ## build what Terraform deploys: dist/doorbell.zip and dist/cdc.zip; VERSION=1.2.3: and one archive of it all
	@$(CDC) package $(if $(VERSION),--version "$(VERSION)")

##### testing

.PHONY: test test-unit test-dotnet test-glue test-python test-terraform test-e2e
test: setup ## lint and every test, each suite with its own result
	@integration-tests/run-suites.sh lint dotnet+terraform glue+e2e

test-unit: setup ## without Spark and without processes: at most 3 minutes
	@integration-tests/run-suites.sh dotnet-unit glue-unit terraform-validate

test-dotnet: setup ## .NET tests of gateway, replicator and function
	@integration-tests/run-suites.sh dotnet

test-glue: setup ## tests of the job
	@integration-tests/run-suites.sh glue

test-python: test-glue

test-terraform: setup ## validation and tests of every module
	@integration-tests/run-suites.sh terraform

test-e2e: setup ## the whole pipeline on a local AWS of its own
	@integration-tests/run-suites.sh e2e

##### code

.PHONY: lint fmt readmes
readmes: setup ## write the tables of inputs and outputs of the modules' READMEs
	@$(VENV)/python integration-tests/module_readmes.py

lint: setup ## formatting and linting of all four languages, nothing changed
	@integration-tests/run-suites.sh lint

fmt: setup ## format everything
	dotnet restore Cdc.slnx -v quiet && dotnet format Cdc.slnx --no-restore
	$(VENV)/ruff check --fix && $(VENV)/ruff format
	terraform fmt -recursive

##### measuring

.PHONY: bench-burst bench-cold-start bench-latency bench-parquet bench-replicator
bench-burst: setup ## Glue runs and calls for a burst of 1,000 objects
	. cli/environment.sh && PORT="$(PORT)" dotnet run -c Release --project benchmarks/burst

bench-cold-start: setup ## the function from process start to first response, beside an untrimmed build
	. cli/environment.sh && dotnet run -c Release --project benchmarks/cold-start

bench-latency: setup ## commit to visible row, hop by hop
	. cli/environment.sh && dotnet run -c Release --project benchmarks/latency

bench-parquet: setup ## the own Parquet writer beside ParquetSharp and Parquet.Net
	. cli/environment.sh && dotnet run -c Release --project benchmarks/parquet

bench-replicator: setup ## rows per second beside pg_recvlogical and COPY
	$(VENV)/python benchmarks/replicator/replicator.py
