#!/usr/bin/env bash
# Checks what has to be on the machine, and names what is missing with the version found and how to get it.
# Works before .NET is known to be there. Prints the Python to use on standard output; everything else goes to standard error.
set -uo pipefail

problems=0

problem() { # name, wanted, found, how to get it
  printf 'missing: %s %s (found: %s)\n         %s\n' "$1" "$2" "${3:-none}" "$4" >&2
  problems=$((problems + 1))
}

# The first number of the form 1.2 or 1.2.3 in the input.
version() { grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

at_least() { # found, wanted
  [[ -n $1 && $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

if ((BASH_VERSINFO[0] < 4)); then
  problem bash '>= 4' "$BASH_VERSION" 'Install bash with your package manager (macOS: brew install bash).'
fi

# Not `dotnet --version`, which fails in a folder whose global.json wants another one.
dotnet=$(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | sort -V | tail -n 1)
at_least "$dotnet" 10.0 || problem '.NET SDK' '>= 10' "$dotnet" 'https://dotnet.microsoft.com/download'

terraform=$(terraform version 2>/dev/null | grep '^Terraform v' | version)
at_least "$terraform" 1.11 || problem Terraform '>= 1.11' "$terraform" 'https://developer.hashicorp.com/terraform/install'

python='' found=''
for candidate in python3.11 python3 python; do
  seen=$("$candidate" --version 2>/dev/null | version)
  found=${found:-$seen}
  if [[ $seen == 3.11.* ]]; then
    python=$(command -v "$candidate")
    break
  fi
done
if [[ -z $python ]]; then
  problem Python '3.11' "$found" 'https://www.python.org/downloads/ or your package manager (python3.11 and python3.11-venv).'
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  problem 'Python module venv' 'of 3.11' '' 'Debian and Ubuntu: apt install python3.11-venv'
fi

java=$("${JAVA_HOME:+$JAVA_HOME/bin/}java" -version 2>&1 | grep -i version | version)
[[ $java == 17.* ]] || problem Java 17 "$java" 'https://adoptium.net/temurin/releases/?version=17 (Spark 3.5 runs on no later one); JAVA_HOME says which one is used.'

if ((problems > 0)); then
  printf '%d prerequisite(s) missing; nothing was started.\n' "$problems" >&2
  exit 1
fi
printf '%s\n' "$python"
