# Sourced: what every command here needs in its environment. Ends the script that sources it when a prerequisite is missing.
cdc_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

# Where a folder with local copies stands beside the checkout, the ordinary set-up is pointed at them: providers for Terraform, packages
# for pip, jars. Elsewhere nothing happens: the internet is there. Whoever names a repository of jars has chosen already.
if [[ -z ${MAVEN_REPOSITORY_URL:-} && -x $cdc_folder/../../shared/bin/offline-env ]]; then
  # By its real path: pip's list of folders is one of words, which a blank in a link's path would cut.
  eval "$("$(cd "$cdc_folder/../../shared" && pwd -P)/bin/offline-env")"
fi

cdc_found=$("$cdc_folder/prerequisites.sh") || exit 1
PYTHON=${cdc_found%%$'\n'*}
JAVA_HOME=${cdc_found#*$'\n'}
export PYTHON JAVA_HOME

# No compiler or build server outlives its command.
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1
unset cdc_folder cdc_found
