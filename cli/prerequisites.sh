#!/usr/bin/env bash
# Checks what has to be on the machine, and names what is missing with the version found and how to get it.
# Works before .NET is known to be there. Prints two lines on standard output, the Python to use and Java's home; everything else goes to
# standard error. Runs with the bash 3.2 and the BSD tools of macOS as well.
set -uo pipefail

problems=0

problem() { # name, wanted, found, how to get it
  printf 'missing: %s %s (found: %s)\n         %s\n' "$1" "$2" "${3:-none}" "$4" >&2
  problems=$((problems + 1))
}

# The first number of the form 1.2 or 1.2.3 in the input.
version() { grep -oE '[0-9]+(\.[0-9]+)+' | head -n 1; }

at_least() { # found, wanted major, wanted minor
  local major minor
  IFS=. read -r major minor _ <<<"$1"
  [[ -n $1 ]] && ((major > $2 || (major == $2 && ${minor:-0} >= $3)))
}

# Not `dotnet --version`, which fails in a folder whose global.json wants another one.
dotnet=$(dotnet --list-sdks 2>/dev/null | cut -d ' ' -f 1 | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1)
at_least "$dotnet" 10 0 || problem '.NET SDK' '>= 10' "$dotnet" 'https://dotnet.microsoft.com/download'

terraform=$(terraform version 2>/dev/null | grep '^Terraform v' | version)
at_least "$terraform" 1 11 || problem Terraform '>= 1.11' "$terraform" 'https://developer.hashicorp.com/terraform/install'

# On the PATH, then where version managers and installers put it; the newest 3.11 of each.
python_candidates() {
  local root
  printf '%s\n' "${PYTHON:-}" python3.11 python3 python
  for root in "${PYENV_ROOT:-$HOME/.pyenv}/versions" "$HOME/.local/share/uv/python" "$HOME/.local/share/mise/installs/python" "$HOME/.asdf/installs/python"; do
    ls -d "$root"/*3.11*/bin/python3.11 2>/dev/null | sort -t . -k 3,3n -r
  done
  printf '%s\n' /opt/homebrew/opt/python@3.11/bin/python3.11 /usr/local/opt/python@3.11/bin/python3.11 \
    /Library/Frameworks/Python.framework/Versions/3.11/bin/python3.11 /usr/local/bin/python3.11 /usr/bin/python3.11
}

python='' python_found=''
while read -r candidate; do
  [[ -n $candidate ]] && command -v "$candidate" >/dev/null || continue
  seen=$("$candidate" --version 2>/dev/null | version)
  python_found=${python_found:-$seen}
  if [[ $seen == 3.11.* ]]; then
    python=$(command -v "$candidate")
    break
  fi
done < <(python_candidates)
if [[ -z $python ]]; then
  problem Python '3.11' "$python_found" 'pyenv install 3.11, uv python install 3.11, brew install python@3.11, or your package manager (python3.11 and python3.11-venv).'
elif ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  problem 'Python module venv' 'of 3.11' '' 'Debian and Ubuntu: apt install python3.11-venv'
fi

# Of a home (a folder with bin/java): its version.
java_version() { "$1/bin/java" -version 2>&1 | grep -i version | version; }

java_candidates() {
  local program
  printf '%s\n' "${JAVA_HOME:-}"
  if program=$(command -v java); then
    # The home behind what may be a chain of links (or, on macOS, a stub that has no home).
    "$program" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java\.home = //p'
  fi
  ls -d /usr/lib/jvm/*17* "${SDKMAN_DIR:-$HOME/.sdkman}"/candidates/java/17* "$HOME"/.local/share/mise/installs/java/*17* \
    "$HOME"/.asdf/installs/java/*17* /opt/homebrew/opt/openjdk@17 /usr/local/opt/openjdk@17 /Library/Java/JavaVirtualMachines/*17*/Contents/Home 2>/dev/null
}

java='' java_found=''
while read -r candidate; do
  [[ -n $candidate && -x $candidate/bin/java ]] || continue
  seen=$(java_version "$candidate")
  java_found=${java_found:-$seen}
  if [[ $seen == 17.* ]]; then
    java=$candidate
    break
  fi
done < <(java_candidates)
[[ -n $java ]] || problem Java 17 "$java_found" 'https://adoptium.net/temurin/releases/?version=17, sdk install java 17-tem, or brew install openjdk@17 (Spark 3.5 runs on no later one).'

if ((problems > 0)); then
  printf '%d prerequisite(s) missing; nothing was started.\n' "$problems" >&2
  exit 1
fi
printf '%s\n%s\n' "$python" "$java"
