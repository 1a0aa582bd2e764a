using LocalAws.Services.Glue;

namespace LocalAws.Tests.Services;

public sealed class PythonFailureTests
{
    [Fact]
    public void The_last_exception_of_a_traceback_is_the_runs_message() =>
        PythonFailure.Find(["Traceback (most recent call last):", "  File \"job.py\", line 1", "KeyError: 'a'", "During handling", "cdc.errors.TablesFailedError: 1 table(s) failed"])
            .Should().Be("cdc.errors.TablesFailedError: 1 table(s) failed");

    [Fact]
    public void Output_without_an_exception_has_no_message() => PythonFailure.Find(["WARN something", "Errors: none"]).Should().BeNull();
}
