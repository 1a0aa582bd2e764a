#!/usr/bin/env bash
# Runs test suites one after the other, those joined by a plus beside each other (glue+terraform), each to its end, and prints a result for
# each and the sum: `N passed, N failed`. Fails when a test failed, when a suite had no test, and, with CI=true, when a test was skipped.
set -uo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=cli/environment.sh
source cli/environment.sh
results=$PWD/.local/results
python=$PWD/.local/venv/bin/python
ruff=$PWD/.local/venv/bin/ruff
rm -rf "$results"
mkdir -p "$results"

# A line a result; in a file, because suites that run beside each other are processes of their own.
summary=$results/summary.tsv
: >"$summary"

record() { # suite, passed, failed, skipped, exit code, seconds
  printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$summary"
}

attribute() { # file, attribute: of the first element that has it
  grep -oE "\b$2=\"[0-9]+\"" "$1" 2>/dev/null | head -n 1 | grep -oE '[0-9]+' || echo 0
}

dotnet_project() { # project, further arguments of dotnet test
  local name started=$SECONDS code=0 trx
  name=$(basename "$1")
  dotnet test "$1" -c Release -v quiet --logger 'console;verbosity=normal' --logger "trx;LogFileName=$name.trx" --results-directory "$results" "${@:2}" || code=$?
  trx=$results/$name.trx
  # vstest writes notExecuted="0" even when tests were skipped.
  record "$name" "$(attribute "$trx" passed)" "$(attribute "$trx" failed)" "$(($(attribute "$trx" total) - $(attribute "$trx" executed)))" "$code" "$((SECONDS - started))"
}

pytest() { # suite, folders of glue/ and further arguments of pytest
  local started=$SECONDS code=0 report=$results/$1.xml tests failures
  (cd glue && "$python" -m pytest --junitxml "$report" "${@:2}") || code=$?
  tests=$(attribute "$report" tests)
  failures=$(($(attribute "$report" failures) + $(attribute "$report" errors)))
  skips=$(attribute "$report" skipped)
  record "$1" "$((tests - failures - skips))" "$failures" "$skips" "$code" "$((SECONDS - started))"
}

# One check that either holds or not.
check() { # name, command
  local started=$SECONDS code=0
  "${@:2}" || code=$?
  if [[ $code == 0 ]]; then record "$1" 1 0 0 0 "$((SECONDS - started))"; else record "$1" 0 1 0 "$code" "$((SECONDS - started))"; fi
}

validate() { # folder of a module or a root
  export TF_DATA_DIR=$PWD/.local/terraform/$1
  terraform -chdir="$1" init -backend=false -input=false -no-color >"$results/init.log" 2>&1 || { cat "$results/init.log"; return 1; }
  terraform -chdir="$1" validate -no-color
}

count() { # "Success! 3 passed, 0 failed.", word: the number before the word
  grep -oE "[0-9]+ $2" <<<"$1" | cut -d ' ' -f 1 | grep . || echo 0
}

module_tests() { # folder of a module
  local started=$SECONDS code=0 log=$results/terraform.log line
  export TF_DATA_DIR=$PWD/.local/terraform/$1
  cli/run.sh with-aws terraform -chdir="$1" test -no-color 2>&1 | tee "$log" || code=$?
  line=$(grep -E '^(Success!|Failure!) [0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
  record "terraform test $1" "$(count "$line" passed)" "$(count "$line" failed)" "$(count "$line" skipped)" "$code" "$((SECONDS - started))"
}

dotnet_format() {
  # Set-up builds what runs, not what tests: without a restore there would be nothing to analyse.
  dotnet restore Cdc.slnx -v quiet && dotnet format Cdc.slnx --verify-no-changes --no-restore
}

# The job's types; pyright is a program of Node's.
pyright() {
  if ! command -v npm >/dev/null; then
    printf 'The types of glue/ are not checked: npm is missing.\n'
    return 0
  fi
  local folder=$PWD/.local/pyright version=1.1.414
  if [[ ! -f $folder/$version ]]; then
    npm install --prefix "$folder" --no-audit --no-fund --silent "pyright@$version" && touch "$folder/$version" || return 1
  fi
  "$folder/node_modules/.bin/pyright" --project glue
}

bash_syntax() {
  local script
  git ls-files '*.sh' .ci/run | while read -r script; do bash -n "$script" || return 1; done
}

# dotnet format has no rule for the length of a line.
line_lengths() {
  git ls-files -z --cached --others --exclude-standard '*.cs' | "$python" integration-tests/line_lengths.py 140
}

suite_lint() {
  check 'line lengths' line_lengths
  check 'dotnet format' dotnet_format
  check 'ruff check' "$ruff" check
  check 'ruff format' "$ruff" format --check
  check 'pyright' pyright
  check 'terraform fmt' terraform fmt -check -recursive
  check 'READMEs of modules' "$python" integration-tests/module_readmes.py --check
  check 'bash -n' bash_syntax
}

suite_dotnet() {
  dotnet_project integration-tests/CliTests
  dotnet_project integration-tests/HarnessTests
  dotnet_project lambda/tests
  dotnet_project localaws/tests/LocalAws.Parquet.Tests
  dotnet_project localaws/tests/LocalAws.Tests
  dotnet_project localaws/tests/LocalAws.Replication.Tests
}

suite_dotnet-unit() {
  dotnet_project integration-tests/CliTests --filter 'FullyQualifiedName!~OnLocalAws'
  dotnet_project integration-tests/HarnessTests
  dotnet_project lambda/tests
  dotnet_project localaws/tests/LocalAws.Parquet.Tests --filter 'FullyQualifiedName!~SparkTests'
  dotnet_project localaws/tests/LocalAws.Tests --filter 'FullyQualifiedName~Routing|FullyQualifiedName~Services'
}

# Two rows of sessions beside each other: each waits for its own Spark and its own S3 about half of the time.
suite_glue() {
  beside_each_other glue-tables-1 glue-others-and-tables-2
  ((unfinished == 0))
}

suite_glue-tables-1() { pytest glue-tables-1 $(tables_by_letter a-q); }

suite_glue-others-and-tables-2() {
  pytest glue-others tests --ignore tests/tables
  pytest glue-tables-2 $(tables_by_letter r-z)
}

tables_by_letter() { # range of first letters: the files, from glue/
  (cd glue && ls tests/tables/test_[$1]*.py)
}

suite_glue-unit() { pytest glue-unit tests -m 'not spark'; }

suite_terraform-validate() {
  local folder
  for folder in modules/*/ environments/*/ examples/*/; do
    folder=${folder%/}
    check "terraform validate $folder" validate "$folder"
  done
}

suite_terraform() {
  suite_terraform-validate
  local folder
  for folder in modules/*/; do
    folder=${folder%/}
    [[ ! -d $folder/tests ]] || module_tests "$folder"
  done
}

suite_e2e() { dotnet_project integration-tests/EndToEnd; }

unfinished=0

beside_each_other() { # suites
  local suite next=0 running=()
  printf '\n##### %s beside each other; the output of each comes at its end\n' "$*"
  # What runs in the background does not hear the terminal.
  trap 'trap - INT; kill -TERM 0' INT
  for suite in "$@"; do
    ("suite_$suite" >"$results/suite-$suite.log" 2>&1) &
    running+=($!)
  done
  for suite in "$@"; do
    wait "${running[next]}" || unfinished=$((unfinished + 1))
    next=$((next + 1))
    printf '\n##### %s\n' "$suite"
    cat "$results/suite-$suite.log"
  done
  trap - INT
}

for group in "$@"; do
  IFS=+ read -ra suites <<<"$group"
  if ((${#suites[@]} > 1)); then
    beside_each_other "${suites[@]}"
  else
    printf '\n##### %s\n' "$group"
    ("suite_$group") || unfinished=$((unfinished + 1))
  fi
done

passed=0 failed=0 skipped=0 broken=$unfinished
printf '\n'
while IFS=$'\t' read -r name good bad left code seconds; do
  printf '%-42s %5d passed %4d failed %4d skipped %6d s%s\n' "$name" "$good" "$bad" "$left" "$seconds" "$([[ $code == 0 ]] || printf '  (exit code %d)' "$code")"
  passed=$((passed + good)) failed=$((failed + bad)) skipped=$((skipped + left))
  # A suite that fell over, or that found nothing to test, has failed even if no test of it did.
  if [[ $code != 0 && $bad == 0 ]] || ((good + bad == 0)); then broken=$((broken + 1)); fi
done <"$summary"
((failed == 0)) || "$python" integration-tests/failures.py "$results"
((skipped == 0)) || printf '%d test(s) were skipped%s\n' "$skipped" "$([[ ${CI:-} == true ]] && printf ', which fails CI')"
((broken == 0)) || printf '%d suite(s) ended badly without a failed test\n' "$broken"
printf '%d passed, %d failed\n' "$passed" "$((failed + broken))"
((failed + broken == 0)) && { [[ ${CI:-} != true ]] || ((skipped == 0)); }
