#!/usr/bin/env bash
# The command line behind make: checks the prerequisites, builds the program where its sources are newer, and runs it.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=cli/environment.sh
source "$here/environment.sh"

program=$here/bin/Release/net10.0/cdc.dll
sources=("$here" "$here/../integration-tests/Harness" "$here/../clients" "$here/../localaws/src/LocalAws.Postgres"
  "$here/../localaws/src/LocalAws/Hosting/ProcessList.cs" "$here/../Directory.Build.props" "$here/../Directory.Packages.props")
newer() {
  find "${sources[@]}" \( -name bin -o -name obj \) -prune -o -type f \( -name '*.cs' -o -name '*.csproj' -o -name '*.props' -o -name '*.sql' \) -newer "$program" -print
}
if [[ ! -f $program || -n $(newer) ]]; then
  started=$SECONDS
  if ! log=$(dotnet build "$here/Cdc.Cli.csproj" -c Release -v quiet 2>&1); then
    if grep -q NU1301 <<<"$log"; then
      source=$(grep -oE 'https?://[^ :]+' <<<"$log" | head -n 1)
      printf '%s\n' "The packages of .NET cannot be had from ${source:-their source}. Where that is not reached, a nuget.config beside or above the checkout, or in ~/.nuget/NuGet, names another source." >&2
    else
      printf '%s\n' "$log" >&2
    fi
    exit 1
  fi
  touch "$program"
  printf '✓ command line built  %s s\n' "$((SECONDS - started))"
fi
exec dotnet "$program" "$@"
